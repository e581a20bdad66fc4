import { describe, expect, it } from 'vitest'
import { pageAddress } from './page-address.ts'

describe('page address', () => {
  it('contains the documents and files of our own page', () => {
    const page = pageAddress()
    expect(page.home).toBe('app://guardhouse/index.html')
    expect(page.contains('app://guardhouse/')).toBe(true)
    expect(page.contains('app://guardhouse/assets/index.js?v=1#here')).toBe(true)
  })

  it.each([
    'https://guardhouse/index.html',
    'app://guardhouse.example/index.html',
    'app://guardhouse:8080/index.html',
    'app://guardhouse@example.org/index.html',
    'app://other/index.html',
    'file:///etc/passwd',
    'about:blank',
    'data:text/html,app://guardhouse/',
    'javascript:alert(1)',
    'blob:app://guardhouse/5b2f',
    '',
    'not a url',
  ])('does not contain %s', (url) => {
    expect(pageAddress().contains(url)).toBe(false)
  })

  it('is the development server while one serves the page', () => {
    const page = pageAddress('http://localhost:5173')
    expect(page.home).toBe('http://localhost:5173/')
    expect(page.contains('http://localhost:5173/src/main.tsx')).toBe(true)
    expect(page.contains('http://localhost:5174/')).toBe(false)
    expect(page.contains('app://guardhouse/index.html')).toBe(false)
  })
})
