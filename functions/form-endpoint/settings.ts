// The settings of the endpoint, with `npm start` and in a cluster. Those of its log are read where the log is opened.
import { DOOR_SECRET, FORM_SECRET, LIST_FORMS } from '#kit/settings.ts'
import { protectSettings } from './protect/settings.ts'

export const endpointSettings = { LIST_FORMS, DOOR_SECRET, FORM_SECRET, ...protectSettings }
