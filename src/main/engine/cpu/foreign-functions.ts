import { createRequire } from 'node:module'
import type koffi from 'koffi'
import { GuardhouseError } from '../../../shared/errors.ts'
import { firstLine } from './first-line.ts'

const requireModule = createRequire(import.meta.url)

/**
 * The FFI library. It is loaded on demand rather than imported, so that a platform without its binary still starts.
 * Throws a GuardhouseError of kind `unsupported` when it does not load.
 *
 * Loading a native module is not safe from two threads at the same time in every runtime: let the thread that starts
 * workers load it once before them.
 */
export function loadForeignFunctions(): typeof koffi {
  try {
    return requireModule('koffi') as typeof koffi
  } catch (cause) {
    throw new GuardhouseError('unsupported', `the FFI library does not load: ${firstLine(cause)}`, {
      hint: 'Install the dependencies again on this machine: koffi has one binary package per platform.',
      cause,
    })
  }
}
