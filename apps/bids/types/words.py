"""Words of contact centres that mean the same, for finding an earlier answer to a new question.

Each line of CONCEPTS is one meaning: buyers use the words of a line for one another. A phrase of
several words is looked for before the single words are.
"""

import re
from functools import cache
from typing import Final

from apps.bids.types.holding import plainly

STOPPED: Final = """
    a about above after all also am an and any are as at be been before being below between both but by
    can could current currently describe detail detailed details did do does doing during each either
    ensure etc evidence example examples explain fully for from further general generally give given
    has have having how i if in include included including indicate into is it its kind
    kindly like list made make many may me more most much must my need needs no nor not of off on once
    one only or organisation organization other others our out outline over own particular please
    present proposed provide provided provides provider providers put question regard regarding relate
    related respect respond response same several shall should show so some specific specify state such
    supplier suppliers take tell than that the their them then there these they this those through to
    under until up upon us use used using vendor vendors very was way ways we were what when where
    whether which while who whom whose why will with within would you your yours
"""
STOP: Final = frozenset(STOPPED.split())
CONCEPTS: Final = tuple(
    line.strip()
    for line in """
    agent, adviser, advisor, representative, csr, frontline, front line, operator, handler
    employee, staff, personnel, workforce, worker, people, colleague, team
    attrition, staff turnover, turnover of staff, turnover for, turnover of agents, turnover of advisors, leaver, leave every year, churn, staff leaving, resign, quit, retention of staff, stay with you, people leave
    hire, recruit, hiring, candidate, selection, talent, onboard staff, applicant, job advert
    train, training, induction, curriculum, classroom, onboarding, nesting, learn, taught, starter, new joiner, new hire, competent, competence, speed to competency
    coach, coaching, one to one, mentor, feedback to agents, ongoing development, development plan, performance improvement
    career, promote, promotion, progression, succession, grow into leaders, develop people, academy, talent pipeline
    quality assurance, qa, call monitoring, monitor, scorecard, score contacts, assess, evaluate, listen to calls, quality framework, mark, quality check
    calibrate, calibration, consistent, alike, inter rater
    service level, sla, grade of service, answer speed, asa, speed of answer, answer time, answer within, answered in, picked up, wait time, waiting time, queue time
    abandon, abandonment, hang up, lost call, give up waiting
    first contact resolution, fcr, first call resolution, at the first attempt, in one go, first time, resolve, resolution, solved, one touch, repeat contact, repeat call
    handle time, handling time, aht, call length, call duration, talk time, after call work, wrap, shorten, shorter calls, long calls
    forecast, predict, prediction, demand planning, plan demand, anticipate, volume planning
    schedule, roster, rota, shift, workforce management, wfm, intraday, real time management, half hourly, staff to demand
    peak, surge, spike, season, seasonal, busy period, busiest, burst, overflow, sudden, storm, triple
    ramp up, scale up, scale, grow, growth, add agents, additional, expand, double, increase in volume, more headcount
    volume down, scale down, ramp down, reduce capacity, drop in volume, volumes drop, demand falls, decrease, shrink the team, fewer agents
    continuity, bcp, business continuity, disaster, disaster recovery, outage, failover, resilience, fallback, cannot be used, building closes, evacuation, fire, flood, location is lost
    rto, rpo, recovery time, recovery point, objectives, data lost, loss of data, minutes of loss, downtime, be down
    pandemic, covid, coronavirus, epidemic, lockdown
    power, electricity, generator, battery, ups, redundant, carrier, utility failure
    gdpr, data protection, privacy, dpa, processor, controller, dpo, personal information
    subject access, dsar, data subject, erasure, erase, forgotten, rectification
    breach, leak, compromise, disclosure
    incident, security event, cyber attack, attack, intrusion, ransomware
    notify, notification, tell, told, inform, report to us, alert
    encryption, encrypt, cryptography, cryptographic, tls, at rest, in transit, cipher, hsm
    access control, access management, least privilege, joiner, mover, leaver, user access, access to systems, identity management, sso, single sign on, mfa, multi factor, two factor, rights, revoke, privileges
    pci, pci dss, attestation, aoc
    card payment, cardholder, card number, card data, card details, payments by telephone, take payments, dtmf, pause and resume, masking
    iso 27001, information security management, isms, security management, security standard, certified, certification, certificate
    soc 2, soc2, soc, type ii, service organisation controls, assurance report
    penetration test, pen test, pentest, vulnerability testing, ethical hacker, red team, accredited tester
    vetting, vet, background, screening, pre employment, dbs, criminal record, right to work, checks made before, employment history
    subcontract, subcontractor, third party, third parties, fourth party, outsource, pass on, another firm, other companies
    sub processor, subprocessor, process personal data on, third parties process
    language, multilingual, bilingual, native, translation, interpret, interpreter, speak english, speakers
    site, facility, delivery centre, premises, building, location, address, nearshore, offshore, onshore, footprint
    country, countries, abroad, outside, eea, european economic area, overseas, uk, united kingdom, residency
    home, remote, work from home, wfh, home based, homeworking, telework, hybrid working
    crm, salesforce, customer record, case system, ticketing
    integrate, integration, api, connector, interface, connect
    telephony, acd, ccaas, contact centre platform, phone system, telephone system, dialler, pbx, sip, uptime, availability, available
    routing, route, skills based, ivr, menu, right agent, get to somebody, steering of calls
    chatbot, bot, virtual assistant, virtual agent, conversational, voicebot, contain
    ai, artificial intelligence, machine learning, llm, generative, language model, language models, algorithm, agent assist, human in the loop
    bias, hallucination, hallucinate, discrimination, wrong answers, validate, validated models
    chat, webchat, messaging, whatsapp, live chat, sms
    email, e mail, mailbox, inbox, written enquiries
    social media, twitter, facebook, instagram, review sites, reviews online, bad reviews
    self service, deflect, deflection, avoidable, help themselves, faq, contact avoidance, demand reduction, need not call, fewer contacts
    knowledge base, knowledge management, knowledge, article, articles, answers agents give
    recording, recordings, recorded
    retain, retention, retention schedule, kept, how long keep, storage period, deletion, deleted, dispose, archive
    satisfaction, csat, nps, net promoter, survey, voice of customer, customer effort, customers think, satisfied
    complaint, complain, dissatisfied, grievance, ombudsman, redress
    escalate, escalation, urgent, duty manager, go to a manager, serious matters
    vulnerable, distress, distressed, bereaved, bereavement, hardship, safeguarding, suicidal
    accessible, accessibility, disability, disabled, deaf, hearing, impaired, blind, textphone, wcag, adjustments, sign language
    report, dashboard, management information, mi, statistics, kpi, figures, real time view, board
    governance, steering committee, review meeting, qbr, cadence, meeting, senior people meet, board with directors
    account manager, day to day contact, single point, key personnel, key people, cv, cvs, named team, point of contact
    transition, migrate, migration, implementation, go live, mobilise, mobilisation, cutover, start of the service, launch, incumbent, take over, taking over, milestones
    project manager, leads the transition, transition lead, programme manager
    risk, risks, go wrong, mitigation, mitigate, contingency
    exit, hand back, handover at end, contract end, exit plan, offboard, successor, terminates, end of contract, hand the service back
    termination, terminate, notice period, notice ends, ends the contract, end the agreement, cancel, cancelled, not renewed, lost a contract, ended early, left you
    tupe, transfer of staff, staff transfer, transfer of undertakings, employees transfer, present staff, existing staff, our team move
    improve, improvement, continuous improvement, innovation, innovate, lean, six sigma, better, root cause, causes, year on year
    pricing model, commercial model, price per, pay by, charging model, pricing mechanism
    price, cost, charge, fee, rate card
    indexation, index, inflation, cpi, price increase, uplift, wage rise, price review, prices change
    billing unit, billable, billed unit, chargeable, charged
    invoice, invoicing, payment terms, bill and when, how do you bill, days to pay, payment at
    service credit, penalty, penalties, malus, at risk, miss targets, liquidated damages
    gainshare, share gains, gain share, saving, savings shared, incentive
    set up, one off, non recurring, implementation charge, upfront
    insurance, indemnity, liability, cover limit, insured
    accounts, audited, financial statements, annual report, solvent, solvency, financial standing, financially stable, credit rating, balance sheet, auditor opinion
    largest client, dependent, dependence, concentration, biggest account, biggest customer, top five, share of income, share of revenue
    guarantee, parent company guarantee, underwrite, holding company, stand behind, performance bond
    owner, ownership, shareholder, equity, privately held, legal form, group structure, legal structure, owned, ultimate owner
    founded, established, history, trading, how long in business, started, incorporated, origin
    reference, referee, case study, similar client, comparable, track record, experience, references, done this before, customers we can contact, clients may call
    housing, landlord, repairs, tenant, property
    carbon, footprint of carbon, emission, greenhouse, net zero, climate
    environment, environmental, iso 14001, sustainability, green
    slavery, trafficking, forced labour, labour exploitation
    diversity, inclusion, inclusive, equality, equal, gender, edi, fair
    pay, wage, living wage, salary, salaries, remuneration, benefits, pay rates
    wellbeing, well being, burnout, stress, strain, mental health, emotional, helpline, resilience of people
    engagement, engaged, staff survey, morale, employee satisfaction, employees satisfied
    sickness, absence, absenteeism, illness, ill, sick
    occupancy, utilisation, utilization, idle, productive
    shrinkage, non productive, holidays sickness, paid time, breaks, allowance
    team leader, supervisor, span of control, ratio, team manager
    internal fraud, fraud by staff, employee fraud, stolen, theft, steal, separated duties, dishonest
    fraud, scam, fraudster, impersonation, social engineering, pretend
    verify, verification, authenticate, identification, id&v, who is calling, callers identity
    clean desk, clear desk, paper, mobile phone, mobiles, phones on the floor, floor, physical security, cctv, badge, cameras, lockers, photos
    backup, restore, back up, restores
    patch, antivirus, anti malware, malware, endpoint, security updates, updates installed, workstation
    audit, auditor, inspect, inspection, regulator, audit right
    whistleblow, whistleblowing, speak up, raise concerns, misconduct, anonymous, anonymously
    bribery, corruption, gift, conflict of interest, conflicts
    out of hours, opening hours, 24 7, round the clock, night, weekend, bank holiday, christmas, every hour, 3 a m
    brand, tone of voice, sound like, brand voice, style
    sales, sell, upsell, cross sell, conversion, revenue from service, contacts into revenue
    back office, case processing, correspondence, letters, forms, mail, application forms, document
    dispatch, engineer, appointment, book, diary, operative, visit, slot
    union, works council, collective, represented, representation
    speech analytics, interaction analytics, text analytics, transcribe, transcribed, transcription, insight, mined
    change management, changes to systems, release, releases, change board, change control
    equipment, home office, laptop, headset, give people who work
    outbound, outgoing, proactive, campaign, dialling, ring customers, arrears, missed payments
    health data, hipaa, phi, patient, clinical, medical, business associate
    dedicated, reserved, own team, seats, fte, headcount, capacity
    dispute, disagree, disagreement, mediation, arbitration
    social value, apprenticeship, volunteering, community, local jobs
    property of data, owns the data, owner of data, holds the rights, remains our property, data ownership
    """.splitlines()
    if line.strip()
)
WEAK: Final = frozenset(
    [
        "agent",
        "call",
        "contact",
        "custom",
        "~custo",
        "servic",
        "~servi",
        "day",
        "month",
        "year",
        "peopl",
        "team",
        "account",
        "~accou",
        "contract",
        "~contr",
        "client",
        "~clien",
        "company",
        "~compa",
        "person",
        "handl",
        "start",
        "work",
        "go",
        "get",
        "time",
    ]
)
VOWELS: Final = frozenset("aeiouy")
SHORTEST: Final = 3  # letters a stem keeps at least
PREFIX: Final = 5  # so many first letters stand for words that no ending brings together
# (ending, what stands in its place, letters that have to be left before it)
ENDINGS: Final = (
    *(("isations", "ise", 3), ("izations", "ise", 3), ("isation", "ise", 3)),
    *(("ization", "ise", 3), ("ations", "ate", 3), ("ation", "ate", 3), ("ities", "ity", 3)),
    *(("ments", "", 4), ("ment", "", 4), ("ness", "", 4), ("ingly", "", 3), ("edly", "", 3)),
    *(("ings", "", 3), ("ing", "", 3), ("ies", "y", 2), ("ied", "y", 2), ("ize", "ise", 3)),
    *(("ions", "", 4), ("ion", "", 4), ("ers", "", 5), ("ors", "", 5), ("er", "", 5)),
    *(("or", "", 5), ("ure", "", 4), ("ed", "", 3), ("es", "", 3), ("ly", "", 4)),
    *(("s", "", 3), ("e", "", 3)),
)


@cache
def stem(word: str) -> str:
    """Cut a word to what its forms share: 'recruiting' and 'recruited' become 'recruit'."""
    for ending, instead, least in ENDINGS:
        rest = word.removesuffix(ending)
        if rest == word or len(rest) < least or not VOWELS & set(rest):
            continue
        if ending == "s" and rest.endswith(("s", "u", "i")):
            continue
        found = rest + instead
        if not instead and len(found) > SHORTEST and found[-1] == found[-2]:
            found = found[:-1]  # planned: plann, plan
        return found.removesuffix("e") if len(found) > SHORTEST else found
    return word


def spoken(text: str) -> list[str]:
    """Return the words of a text as they stand, in one form."""
    return re.findall(r"[^\W_]+", plainly(text))


@cache
def _phrases() -> dict[str, dict[tuple[str, ...], set[str]]]:
    """Return the concepts of each phrase, as stems, by the first stem."""
    found: dict[str, dict[tuple[str, ...], set[str]]] = {}
    for number, line in enumerate(CONCEPTS):
        for phrase in line.split(","):
            stems = tuple(map(stem, spoken(phrase)))
            found.setdefault(stems[0], {}).setdefault(stems, set()).add(f"={number}")
    return found


def terms(text: str) -> list[str]:
    """Return what a text is about: its words as stems, their first letters, and their meanings."""
    words = spoken(text)
    stems = [stem(word) for word in words]
    found: list[str] = []
    for at, word in enumerate(words):
        for phrase, concepts in _phrases().get(stems[at], {}).items():
            if tuple(stems[at : at + len(phrase)]) == phrase:
                found += sorted(concepts)
        if word not in STOP:
            found.append(stems[at])
            if len(stems[at]) > PREFIX:
                found.append(f"~{stems[at][:PREFIX]}")
    return found
