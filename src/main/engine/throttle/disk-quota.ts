import { lstat, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { GuardhouseError } from '../../../shared/errors.ts'

const bytesPerMb = 1 << 20

/** Apparent size of all files below a path, bytes. Links are not followed; what cannot be read counts nothing. */
export async function bytesBelow(path: string): Promise<number> {
  let sum = 0
  const open = [path]
  for (let folder = open.pop(); folder !== undefined; folder = open.pop()) {
    for (const entry of await entriesOf(folder)) {
      const place = join(folder, entry.name)
      if (entry.isDirectory()) open.push(place)
      else if (entry.isFile()) sum += await sizeOf(place)
    }
  }
  return sum
}

/** What somebody is told who would add to what is too much already. */
export function overDiskQuota(bytes: number, path: string, maxMb: number): GuardhouseError {
  return new GuardhouseError(
    'overloaded',
    `${(bytes / bytesPerMb).toFixed(1)} MB lie below ${path}, the quota is ${maxMb.toFixed(1)} MB`,
    {
      hint: 'A collection has removed what could go: remove more, lower the days that are kept, or raise the option diskQuotaMiB.',
    },
  )
}

/**
 * Lets `work` add at most `maxMb` MiB below the path. Looked at after the work whether it succeeded or not; its own failure comes first,
 * with the excess as its cause when it has none.
 */
export async function withDiskQuota<T>(path: string, maxMb: number, work: () => Promise<T>): Promise<T> {
  const before = await bytesBelow(path)
  let value: T
  try {
    value = await work()
  } catch (error) {
    const excess = await excessOf(path, before, maxMb)
    if (excess !== null && error instanceof Error) error.cause ??= excess
    throw error
  }
  const excess = await excessOf(path, before, maxMb)
  if (excess !== null) throw excess
  return value
}

async function excessOf(path: string, before: number, maxMb: number): Promise<GuardhouseError | null> {
  const grown = ((await bytesBelow(path)) - before) / bytesPerMb
  if (grown <= maxMb) return null
  return new GuardhouseError(
    'too-large',
    `${grown.toFixed(1)} MB were added below ${path}, allowed are ${maxMb.toFixed(1)} MB`,
  )
}

async function entriesOf(folder: string) {
  try {
    return await readdir(folder, { withFileTypes: true })
  } catch {
    // Gone meanwhile, or not ours to read.
    return []
  }
}

async function sizeOf(file: string): Promise<number> {
  try {
    return (await lstat(file)).size
  } catch {
    // Gone meanwhile.
    return 0
  }
}
