/** Where the page of workflows is: everything that a link to it can say. */
export interface WorkflowsPlace {
  readonly run: string | null
  /** The run that it is compared with. */
  readonly other: string | null
  /** The workflow whose start form is open. */
  readonly starting: string | null
}

export const everyRun: WorkflowsPlace = { run: null, other: null, starting: null }

/** `#/workflows/<run>`, `#/workflows/<run>/<other>` or `#/workflows/~start/<workflow>`. */
export function parsePlace(path: readonly string[]): WorkflowsPlace {
  const [first = null, second = null] = path
  if (first === '~start') return { ...everyRun, starting: second }
  return { run: first, other: second, starting: null }
}

export function formatPlace({ run, other, starting }: WorkflowsPlace): readonly string[] {
  if (starting !== null) return ['workflows', '~start', starting]
  return ['workflows', ...(run === null ? [] : [run]), ...(run === null || other === null ? [] : [other])]
}
