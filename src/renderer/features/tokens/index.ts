export { tokensPage } from './tokens-page-definition.tsx'
export { changeFilter, everyToken, formatPlace as tokensPath, type TokensPlace } from './tokens-place.ts'
