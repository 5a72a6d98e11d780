import { testSeveralInstances } from './several-instances.ts'

testSeveralInstances({ submissionsUnderFaults: 1500, kills: 3, submissionsUnderQuota: 3000 })
