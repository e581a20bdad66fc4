import { readFileSync } from 'node:fs'

const pngSignature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])

/** Electron's `NativeImage` for PNG only, and without pixels: it knows its bytes and its size. */
export class NativeImage {
  readonly #png: Buffer
  #isTemplate = false

  /** Anything that is no PNG makes an empty image, as in Electron a file that cannot be read does. */
  constructor(bytes: Buffer = Buffer.alloc(0)) {
    this.#png = bytes.subarray(0, pngSignature.length).equals(pngSignature) ? bytes : Buffer.alloc(0)
  }

  isEmpty(): boolean {
    return this.#png.length === 0
  }

  /** In pixels; width and height stand at fixed places of a PNG's first chunk. */
  getSize(): { width: number; height: number } {
    if (this.isEmpty()) return { width: 0, height: 0 }
    return { width: this.#png.readUInt32BE(16), height: this.#png.readUInt32BE(20) }
  }

  toPNG(): Buffer {
    return Buffer.from(this.#png)
  }

  toDataURL(): string {
    return `data:image/png;base64,${this.#png.toString('base64')}`
  }

  setTemplateImage(isTemplate: boolean): void {
    this.#isTemplate = isTemplate
  }

  isTemplateImage(): boolean {
    return this.#isTemplate
  }
}

export const nativeImage = {
  createEmpty: () => new NativeImage(),
  createFromBuffer: (bytes: Buffer) => new NativeImage(bytes),
  createFromDataURL: (url: string) => new NativeImage(Buffer.from(url.slice(url.indexOf(',') + 1), 'base64')),
  createFromPath(file: string): NativeImage {
    try {
      return new NativeImage(readFileSync(file))
    } catch {
      return new NativeImage()
    }
  },
}
