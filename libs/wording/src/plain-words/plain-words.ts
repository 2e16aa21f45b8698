/**
 * What control rooms say and what the public understands: `jargon = plain words`, our own list. What is written in
 * capitals is found only in capitals (initials); the rest in any case. What stands after `=` may take its place as it is, unless it is in
 * brackets, which explain instead.
 */
const POLICE = `
RTC = crash; RTA = crash; RTI = crash; FATAC = fatal crash; ANPR = number plate cameras; RVP = meeting point;
FCP = (say where people can find officers); ICP = (say where people can find officers); SIO = detective in charge;
OIC = officer in charge; PCSO = community support officer; CID = detectives; ARV = armed officers;
AFO = armed officers; FLO = family support officer; MISPER = missing person; MOP = member of the public;
IP = injured person; VRM = number plate; DOB = date of birth; NFA = no further action; ETA = (say the time);
NPAS = police helicopter; POLSA = search team; PSU = officers; EOD = bomb disposal team; IED = bomb;
VBIED = car bomb; CBRN = dangerous chemicals; LRF = emergency services and councils; SCG = the people in charge;
TCG = the people in charge; COBR = the government; COBRA = the government; MTA = terrorist attack;
MTFA = terrorist attack; misper = missing person; nominal = person; perpetrator = attacker;
perpetrators = attackers; assailant = attacker; assailants = attackers; deceased = dead person; fatality = death;
fatalities = deaths; casualty = injured person; casualties = injured people; apprehended = arrested;
apprehend = arrest; detained = arrested; persons of interest = people we want to speak to;
person of interest = person we want to speak to; male = man; males = men; female = woman; females = women;
individual = person; individuals = people; juvenile = child; juveniles = children; youths = young people;
subject = person; suspect vehicle = car; motor vehicle = car; motor vehicles = cars; proceed to = go to;
proceed = go; proceeding = going; alight = get off; in attendance = there; attended the scene = came;
on scene = there; at scene = there; deployed = sent; deployment = (say who was sent where);
resources = (say people, engines or boats); assets = (say people, engines or boats);
police activity = (say what is happening); ongoing incident = (say what is happening); ongoing = still going on;
cordon = area closed off; cordons = areas closed off; cordoned off = closed; inner cordon = area closed off;
outer cordon = area closed off; exclusion zone = area to stay out of; containment = (say what is closed and why);
firearms incident = armed attack; firearm = gun; firearms = guns; edged weapon = knife; bladed article = knife;
offensive weapon = weapon; suspicious package = (say what was found and where); improvised explosive device = bomb;
controlled explosion = planned, safe explosion; hostile reconnaissance = someone watching a place to plan an attack;
vigilant = on the look-out; remain vigilant = look out and tell us what you see; public order incident = disorder;
anti-social behaviour = nuisance; domestic incident = (say what people near by must do);
welfare check = visit to see that someone is well; safe and well = safe; enquiries = questions;
house-to-house enquiries = calls at homes; line of enquiry = (leave out); antecedents = history;
modus operandi = method; vicinity of = (say: near); in the vicinity of = near; in the region of = about; locality = area;
thoroughfare = road; carriageway = road;
`;
const FIRE_AND_RESCUE = `
BA = breathing equipment; BA wearers = firefighters; HVP = large pump; USAR = search and rescue team;
HART = ambulance rescue team; DIM = chemical advisers; HAZMAT = dangerous chemicals; IRU = decontamination vehicle;
appliance = fire engine; appliances = fire engines; pumping appliance = fire engine; conflagration = large fire;
fire ground = fire; wildfire incident = wildfire; well alight = burning; persons reported = people may be inside;
smoke logged = full of smoke; smoke plume = smoke; plume = smoke cloud; toxic plume = poisonous smoke;
airborne contaminants = dangerous smoke or dust; particulates = dust; combustion products = smoke;
hazardous material = dangerous chemicals; hazardous materials = dangerous chemicals;
hazardous substance = dangerous chemical; chemical release = chemical leak; ignition source = flame or spark;
ignition sources = flames and sparks; asphyxiation = being unable to breathe;
decontamination = washing off chemicals; decontaminate = wash; extricate = get out;
extrication = getting people out; structural integrity = strength; structural collapse = collapse;
compromised = damaged; breached = broken; damping down = wetting hot spots; turning over = checking for hot spots;
`;
const HEALTH = `
A&E = hospital emergency department; ED = hospital emergency department; P1 = (leave out: a code);
P2 = (leave out: a code); P3 = (leave out: a code); GCS = (leave out: a code); CPR = chest compressions;
AED = defibrillator; PPE = gloves and mask; MERIT = doctors; UKHSA = UK Health Security Agency; ICB = local NHS;
triage = sorting by how urgent it is; walking wounded = people with light injuries; mortality = deaths;
morbidity = illness; ambulatory = able to walk; respiratory difficulties = trouble breathing;
respiratory distress = trouble breathing; dyspnoea = trouble breathing; laceration = cut; lacerations = cuts;
contusion = bruise; haemorrhage = bleeding; haemorrhaging = bleeding; cardiac arrest = stopped heart;
myocardial infarction = heart attack; fracture = broken bone; ingest = swallow; ingestion = swallowing;
inhale = breathe in; inhalation = breathing in; exposure to = contact with; symptomatic = ill;
asymptomatic = without signs of illness; immunocompromised = people whose body cannot fight infection well;
vulnerable persons = people who need help; gastroenteritis = stomach upset; potable = safe to drink;
non-potable = not safe to drink; pathogen = germ; pathogens = germs; prophylaxis = preventive medicine;
administer = give; convey to hospital = take to hospital; conveyed = taken;
`;
const WATER_AND_WEATHER = `
EA = Environment Agency; NRW = Natural Resources Wales; SEPA = Scottish Environment Protection Agency;
FWA = (say which town or road); FAA = (say which town or road);
AOD = (leave out: say how high the water will reach); fluvial = from a river; pluvial = from rain;
fluvial flooding = flooding from a river; pluvial flooding = flooding from rain;
surface water flooding = flooding from rain; inundation = flooding; inundated = flooded; inundate = flood;
overtopping = water coming over the top; overtopped = covered by water; overtop = come over the top;
spillway = overflow channel; embankment breach = broken bank; tidal surge = high sea; storm surge = high sea;
tidal locking = water held back by the tide; catchment = area that drains into the river;
watercourse = river or stream; watercourses = rivers and streams; tributary = side river;
culvert = drain under the road; antecedent conditions = wet ground; saturated ground = wet ground;
river levels are elevated = the river is high; elevated levels = high levels; precipitation = rain or snow;
convective = thundery; inclement weather = bad weather; adverse weather = bad weather;
adverse conditions = bad conditions; gale force winds = very strong winds; squall = sudden strong wind;
accumulations = depth; wintry showers = snow, sleet and hail; abate = ease; abating = easing; subside = go down;
subsiding = going down; recede = go down; receding = going down; peak flow = highest water; low-lying = low;
lee of = sheltered side of;
`;
const UTILITIES = `
DNO = electricity company; GDN = gas company; WTW = water works; STW = sewage works; outage = power cut;
outages = power cuts; power outage = power cut; supply interruption = cut in supply; loss of supply = cut in supply;
interruption to supply = cut in supply; de-energised = switched off; de-energise = switch off;
isolate the supply = switch it off; isolate your supply = switch it off; bowser = water tank; bowsers = water tanks;
boil water notice = (say: boil water before you drink it); turbidity = cloudy water; coliform = germ from sewage;
coliforms = germs from sewage; contaminated = dirty and unsafe; contamination = dirt that makes it unsafe;
discolouration = change of colour; main burst = burst pipe; burst main = burst pipe;
gas ingress = gas coming into the house; gas escape = gas leak; substation = electricity site;
overhead lines = power lines; telephony = phones; telecommunications = phones and internet; mains supply = supply;
restoration time = time when it works again; reinstated = working again; reinstate = switch on again;
`;
const OFFICE = `
ASAP = as soon as you can; TBC = (say it, or leave it out); FAO = for; i.e. = that is; e.g. = for example;
etc = (name them); via = through; per annum = a year; commence = start; commenced = started; commencing = starting;
terminate = end; terminated = ended; cease = stop; ceased = stopped; cessation = end;
evacuate the premises = leave the building; vacate = leave; premises = building; egress = way out; ingress = way in;
utilise = use; utilising = using; utilised = used; endeavour = try; facilitate = help; implement = carry out;
implemented = carried out; implementation = start; initiate = start; initiated = started; assist = help;
assistance = help; require = need; requires = needs; required = needed; obtain = get; purchase = buy; reside = live;
residents of = people in; residing = living; occupants = people inside; occupiers = people who live there;
dwelling = home; dwellings = homes; property = home; properties = homes; domicile = home; prior to = before;
subsequent to = after; subsequently = later; in the event of = if; in the event that = if; in order to = to;
with regard to = about; with regards to = about; regarding = about; in relation to = about; pertaining to = about;
due to the fact that = because; owing to = because of; until such time as = until; at this time = now;
at this moment in time = now; at the present time = now; currently = now; imminent = about to happen;
imminently = very soon; imperative = very important; mandatory = must be done; prohibited = not allowed;
permissible = allowed; advised to = asked to; sufficient = enough; insufficient = not enough; numerous = many;
additional = more; additionally = also; approximately = about; adjacent to = next to; in close proximity to = near;
proximity = nearness; immediate vicinity = area close by; refrain from = do not; desist from = stop;
adhere to = follow; comply with = follow; in accordance with = following; disseminate = share; notify = tell;
inform = tell; liaise with = talk to; multi-agency = emergency services together; partner agencies = other services;
stakeholders = people concerned; strategic coordinating group = people in charge; gold command = people in charge;
silver command = people in charge; bronze command = people in charge;
major incident declared = (say what people must do); invacuation = staying inside; shelter in place = stay inside;
shelter-in-place = stay inside; reception centre = rest centre; place of safety = safe place;
contingency = back-up plan; mitigate = reduce; mitigation = reducing harm; precautionary = to be safe;
precautionary measure = step to be safe; personnel = staff; operatives = workers; pedestrians = people on foot;
ambient = surrounding; detrimental = harmful; deteriorate = get worse; deteriorating = getting worse;
ameliorate = improve; anticipated = expected; anticipate = expect; ascertain = find out; expedite = speed up;
`;

/** One thing to say more plainly. `mend` may take its place; without it the message explains. */
export type PlainWord = { jargon: string; instead: string; mend: boolean; initials: boolean };

const LISTS = [POLICE, FIRE_AND_RESCUE, HEALTH, WATER_AND_WEATHER, UTILITIES, OFFICE];

function read(line: string): PlainWord {
  const [jargon = '', instead = ''] = line.split(' = ');
  const explained = instead.startsWith('(');
  return {
    jargon,
    instead: explained ? instead.slice(1, -1) : instead,
    mend: !explained,
    initials: jargon === jargon.toUpperCase(),
  };
}

/** The whole list, in the order of the services. */
export const PLAIN_WORDS: readonly PlainWord[] = LISTS.flatMap((list) =>
  list
    .split(';')
    .map((entry) => entry.trim().replace(/\s+/g, ' '))
    .filter((entry) => entry !== '')
    .map(read),
);
