// biome-ignore lint/style/noRestrictedImports: the test runner empties style sheets that are imported
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { assertDefined } from '../../shared/assert.ts'
import { tokenStates } from '../../shared/model/token.ts'
import { type Color, contrast, parseHex } from './contrast.fixture.ts'

const css = readFileSync(new URL('./tokens.css', import.meta.url), 'utf8')

const themes = ['light', 'dark'] as const
type Theme = (typeof themes)[number]

function color(name: string, theme: Theme): Color {
  const value = assertDefined(new RegExp(`--${name}: (.*);`).exec(css)?.[1], `tokens.css has --${name}`)
  const alias = /^var\(--(.*)\)$/.exec(value)?.[1]
  if (alias !== undefined) return color(alias, theme)
  const pair = assertDefined(/^light-dark\((#\w{6}), (#\w{6})\)$/.exec(value), `--${name} is a pair of colours`)
  return parseHex(assertDefined(pair[theme === 'light' ? 1 : 2], 'the pattern has two groups'))
}

const surfaces = ['surface-base', 'surface-panel', 'surface-raised', 'surface-inset', 'surface-hover']
const states = tokenStates.map((state) => `state-${state.toLowerCase()}`)

describe.each(themes)('the %s theme', (theme) => {
  const ratio = (front: string, back: string) => contrast(color(front, theme), color(back, theme))

  it.each(['text', 'text-muted', 'text-faint', 'link'])('has %s readable on every surface', (text) => {
    for (const surface of surfaces) expect(ratio(text, surface), surface).toBeGreaterThanOrEqual(4.5)
  })

  it.each(['text', 'text-muted'])('has %s readable on pressed and selected surfaces', (text) => {
    for (const surface of ['surface-pressed', 'surface-selected']) {
      expect(ratio(text, surface), surface).toBeGreaterThanOrEqual(4.5)
    }
  })

  it.each(['good', 'info', 'warn', 'bad'])('has text readable on the surface of the tone %s', (tone) => {
    expect(ratio('text-muted', `tone-${tone}-surface`)).toBeGreaterThanOrEqual(4.5)
    expect(ratio(`tone-${tone}`, `tone-${tone}-surface`)).toBeGreaterThanOrEqual(3)
  })

  it('has words readable on filled buttons', () => {
    for (const [text, fill] of [
      ['accent-text', 'accent'],
      ['accent-text', 'accent-hover'],
      ['danger-text', 'danger'],
      ['danger-text', 'danger-hover'],
    ] as const) {
      expect(ratio(text, fill), fill).toBeGreaterThanOrEqual(4.5)
    }
  })

  it.each(states)('has the mark of %s visible on every surface', (state) => {
    for (const surface of surfaces) expect(ratio(state, surface), surface).toBeGreaterThanOrEqual(3)
  })

  it('has the borders of controls, the focus ring and the series visible', () => {
    for (const mark of ['control-border', 'accent', 'series-ours']) {
      for (const surface of ['surface-base', 'surface-panel', 'surface-inset']) {
        expect(ratio(mark, surface), `${mark} on ${surface}`).toBeGreaterThanOrEqual(3)
      }
    }
  })

  it('has numbers in the tone of failure readable', () => {
    for (const surface of ['surface-base', 'surface-panel']) {
      expect(ratio('tone-bad', surface), surface).toBeGreaterThanOrEqual(4.5)
      expect(ratio('danger', surface), surface).toBeGreaterThanOrEqual(4.5)
    }
  })
})
