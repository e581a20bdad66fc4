export { activityPage } from './activity-page.tsx'
