import { GuardhouseError } from '../../../shared/errors.ts'
import { firstLine } from './first-line.ts'
import { loadForeignFunctions } from './foreign-functions.ts'

/**
 * The Windows calls this folder uses, with C's own shapes so that a test can stand in for the system:
 * structures are bytes as the 64-bit ABI lays them out, results are BOOL (0 = failed, see `lastError`).
 */
export interface Kernel32 {
  /** SetThreadGroupAffinity of the calling thread; `affinity` is a GROUP_AFFINITY. */
  setThreadGroupAffinity(affinity: Uint8Array): number
  /** GetThreadGroupAffinity of the calling thread; fills a GROUP_AFFINITY. */
  getThreadGroupAffinity(affinity: Uint8Array): number
  /** GetCurrentProcessorNumberEx; fills a PROCESSOR_NUMBER (uint16 group, uint8 number, uint8 reserved). */
  getCurrentProcessorNumberEx(processor: Uint8Array): void
  getCurrentThreadId(): number
  /** GetLogicalProcessorInformationEx; `length` is one uint32 in and out. */
  getLogicalProcessorInformationEx(relationship: number, buffer: Uint8Array | null, length: Uint32Array): number
  /** GetProcessAffinityMask of this process; fills one uint64 each. */
  getProcessAffinityMask(processMask: BigUint64Array, systemMask: BigUint64Array): number
  /** GetLastError as the last call left it. */
  lastError(): number
}

/** Windows' ERROR_INVALID_PARAMETER and ERROR_INSUFFICIENT_BUFFER (winerror.h). */
export const windowsErrors = { invalidParameter: 87, insufficientBuffer: 122 } as const

/** Processors in one group at most. A *cpu* on Windows is `group * 64 + number`, which is the plain number on machines up to 64 CPUs. */
export const processorsPerGroup = 64

/** CPU numbers of the bits of one group's affinity mask, ascending. */
export function cpusOfGroup(group: number, mask: bigint): number[] {
  const cpus: number[] = []
  for (let number = 0; number < processorsPerGroup; number++) {
    if ((mask >> BigInt(number)) & 1n) cpus.push(group * processorsPerGroup + number)
  }
  return cpus
}

/** Throws a GuardhouseError of kind `unsupported` when kernel32 cannot be called. */
export function loadKernel32(): Kernel32 {
  if (process.arch !== 'x64' && process.arch !== 'arm64') {
    throw new GuardhouseError(
      'unsupported',
      `the layout of Windows' structures is known here for 64-bit only, this is ${process.arch}`,
    )
  }
  const koffi = loadForeignFunctions()
  try {
    const library = koffi.load('kernel32.dll')
    // Handles are declared as integers: the pseudo handles of the current thread and process are -2 and -1, and need no closing.
    const currentThread = library.func('intptr_t __stdcall GetCurrentThread()')
    const currentProcess = library.func('intptr_t __stdcall GetCurrentProcess()')
    const setAffinity = library.func(
      'int __stdcall SetThreadGroupAffinity(intptr_t thread, const uint8_t *affinity, uint8_t *previous)',
    )
    const getAffinity = library.func('int __stdcall GetThreadGroupAffinity(intptr_t thread, _Out_ uint8_t *affinity)')
    const processorNumber = library.func('void __stdcall GetCurrentProcessorNumberEx(_Out_ uint8_t *processor)')
    const threadId = library.func('uint32_t __stdcall GetCurrentThreadId()')
    const information = library.func(
      'int __stdcall GetLogicalProcessorInformationEx(int relationship, _Out_ uint8_t *buffer, _Inout_ uint32_t *length)',
    )
    const processMask = library.func(
      'int __stdcall GetProcessAffinityMask(intptr_t process, _Out_ uint64_t *processMask, _Out_ uint64_t *systemMask)',
    )
    const lastError = library.func('uint32_t __stdcall GetLastError()')
    return {
      setThreadGroupAffinity: (affinity) => setAffinity(currentThread(), affinity, null),
      getThreadGroupAffinity: (affinity) => getAffinity(currentThread(), affinity),
      getCurrentProcessorNumberEx: (processor) => processorNumber(processor),
      getCurrentThreadId: () => threadId(),
      getLogicalProcessorInformationEx: (relationship, buffer, length) => information(relationship, buffer, length),
      getProcessAffinityMask: (ofProcess, ofSystem) => processMask(currentProcess(), ofProcess, ofSystem),
      lastError: () => lastError(),
    }
  } catch (cause) {
    throw new GuardhouseError('unsupported', `Windows' affinity calls cannot be used: ${firstLine(cause)}`, { cause })
  }
}
