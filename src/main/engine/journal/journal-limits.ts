/** A result up to this size is kept once its token has ended; of a larger one only a preview is. Bytes. */
export const keptResultBytes = 4096

/** The same of arguments. More generous than the history's own bound, so that what that shows whole is whole here too. Bytes. */
export const keptArgumentBytes = 16_384
