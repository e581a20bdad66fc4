/**
 * One value in the JSON form: null, booleans, strings and finite numbers as themselves, everything else as a list that
 * begins with its kind. Objects are numbered in the order in which they begin, so that `same` can point back.
 *
 * | kind                  | parts                                             |
 * | --------------------- | ------------------------------------------------- |
 * | undefined             |                                                   |
 * | number, bigint        | text: NaN, the infinities, -0; any BigInt         |
 * | same                  | number of an object that began earlier            |
 * | array, set            | nodes                                             |
 * | object                | record of nodes                                   |
 * | map                   | pairs of nodes                                    |
 * | date                  | milliseconds, null when invalid                   |
 * | regexp                | source, flags                                     |
 * | error                 | name, message, stack or null, node of the cause   |
 * | buffer                | base64                                            |
 * | view                  | constructor, node of the buffer, offset, length   |
 */
export type Node = null | boolean | string | number | KindNode

export type KindNode = readonly [kind: string, ...parts: unknown[]]
