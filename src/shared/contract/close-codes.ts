/** Codes with which a host closes a WebSocket (RFC 6455, section 7.4; 4000 and up are ours). */
export const closeCodes = {
  /** The host stops in good order. */
  goingAway: 1001,
  /** A binary message: clients speak text. */
  unsupportedData: 1003,
  /** The control thread is gone, so there is nobody to answer. */
  internalError: 1011,
  /** No secret or a wrong one. */
  wrongSecret: 4401,
  /** The client has not read for too long. */
  tooSlow: 4408,
} as const
