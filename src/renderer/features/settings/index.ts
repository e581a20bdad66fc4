export { settingsPage } from './settings-page.tsx'
