/** The first argument of Electron's events, which a listener may prevent. */
export type CancelableEvent<Details extends object = object> = Details & {
  readonly defaultPrevented: boolean
  preventDefault(): void
}

export function cancelableEvent<Details extends object>(details: Details): CancelableEvent<Details> {
  let prevented = false
  return Object.defineProperties(
    {
      ...details,
      defaultPrevented: false,
      preventDefault() {
        prevented = true
      },
    },
    { defaultPrevented: { get: () => prevented, enumerable: true } },
  )
}
