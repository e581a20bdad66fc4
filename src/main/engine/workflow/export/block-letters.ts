/** Letters of five by seven squares, for pictures on machines without any font. Each row is five bits, left to right. */
const rows: Readonly<Record<string, string>> = {
  A: '0e11111f111111',
  B: '1e11111e11111e',
  C: '0e11101010110e',
  D: '1e11111111111e',
  E: '1f10101e10101f',
  F: '1f10101e101010',
  G: '0e11101713110f',
  H: '1111111f111111',
  I: '0e04040404040e',
  J: '0702020202120c',
  K: '11121418141211',
  L: '1010101010101f',
  M: '111b1515111111',
  N: '11191915131311',
  O: '0e11111111110e',
  P: '1e11111e101010',
  Q: '0e11111115120d',
  R: '1e11111e141211',
  S: '0f10100e01011e',
  T: '1f040404040404',
  U: '1111111111110e',
  V: '11111111110a04',
  W: '1111111515150a',
  X: '11110a040a1111',
  Y: '11110a04040404',
  Z: '1f01020408101f',
  '0': '0e11131519110e',
  '1': '040c040404040e',
  '2': '0e11010204081f',
  '3': '1f02040201110e',
  '4': '02060a121f0202',
  '5': '1f101e0101110e',
  '6': '0608101e11110e',
  '7': '1f010204080808',
  '8': '0e11110e11110e',
  '9': '0e11110f01020c',
  _: '0000000000001f',
  '-': '0000001f000000',
  '.': '00000000000c0c',
  ':': '000c0c000c0c00',
  '/': '00010204081000',
  '(': '02040808080402',
  ')': '08040202020408',
  '[': '0e08080808080e',
  ']': '0e02020202020e',
  '#': '0a0a1f0a1f0a0a',
  '+': '0004041f040400',
  '*': '00150e1f0e1500',
  '=': '00001f001f0000',
  "'": '04040800000000',
  '?': '0e110102040004',
  '!': '04040404040004',
  ',': '000000000c0408',
  ' ': '00000000000000',
}

/** The width of a text in units of which a letter is seven high. */
export function blockTextWidth(text: string): number {
  return text.length * 6
}

/** An SVG path for a text whose lower left corner is at 0, 0; a letter that is not known is drawn as a question mark. */
export function blockTextPath(text: string): string {
  let path = ''
  for (const [index, letter] of [...text.toUpperCase()].entries()) {
    const bits = rows[letter] ?? rows['?'] ?? ''
    for (let row = 0; row < 7; row += 1) {
      const line = Number.parseInt(bits.slice(row * 2, row * 2 + 2), 16)
      for (let column = 0; column < 5; column += 1) {
        if ((line >> (4 - column)) & 1) path += `M${index * 6 + column} ${row - 7}h1v1h-1z`
      }
    }
  }
  return path
}
