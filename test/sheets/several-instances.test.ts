import { testSeveralInstances } from './several-instances.ts'

testSeveralInstances({ submissionsUnderFaults: 600, kills: 1, submissionsUnderQuota: 1200 })
