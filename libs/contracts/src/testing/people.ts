import type { AccountId, AgencyId, IncidentId, OfficerId, WarningId } from '../ids.js';

const hex = (n: number) => n.toString(16).padStart(32, '0');

/** ann writes, bob approves, cat communicates; the Environment Agency is a partner; eve reviews. */
export const ann = `off_${hex(0xa)}` as OfficerId;
export const bob = `off_${hex(0xb)}` as OfficerId;
export const cat = `off_${hex(0xc)}` as OfficerId;
export const eve = `off_${hex(0xe)}` as OfficerId;
export const environmentAgency = `agy_${hex(1)}` as AgencyId;
export const flood = `inc_${hex(1)}` as IncidentId;

/** The n-th warning, incident or account of a test. */
export const warningNo = (n: number) => `wrn_${hex(n)}` as WarningId;
export const incidentNo = (n: number) => `inc_${hex(n)}` as IncidentId;
export const accountNo = (n: number) => `acc_${hex(n)}` as AccountId;
