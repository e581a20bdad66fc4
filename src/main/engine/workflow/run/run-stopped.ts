import { GuardhouseError } from '../../../../shared/errors.ts'

/** A run was ended from outside: by a person, or by its time limit. Nothing inside the run may take it for its own failure. */
export class RunStopped extends GuardhouseError {
  constructor(kind: 'killed' | 'timeout', message: string) {
    super(kind, message)
    this.name = 'RunStopped'
  }
}
