/** Every state × every event, at a time before the deadline. */
import { describe, expect, it } from 'vitest'
import { decide } from '../../../src/core/transition'
import { describeTask, EVENTS, NOTHING, NOW, STATES } from './tasks'

/** What the events do that do something; every other one must do nothing. */
const EFFECTS: Record<keyof typeof STATES, Partial<Record<keyof typeof EVENTS, string>>> = {
  queued: {
    opened: 'processing submitting',
    canceled: 'canceled',
  },
  submitting: {
    accepted: 'processing running',
    refused: 'failed rejected provider_rejected',
    rate_limited: 'processing rejected',
    withdrawn: 'processing rejected',
    lost: 'failed unknown submit_outcome_unknown',
    hinted: 'processing submitting+claimed',
    finished: 'processing succeeded fault0',
  },
  running: {
    hinted: 'processing running',
    missed: 'processing running',
    finished: 'processing succeeded fault0',
    failed: 'failed failed provider_failed',
  },
  hinted: {
    accepted: 'processing running',
    refused: 'failed rejected provider_rejected',
    rate_limited: 'processing rejected',
    withdrawn: 'processing rejected',
    lost: 'processing unknown+claimed',
    unconfirmed: 'processing submitting',
    finished: 'processing succeeded fault0',
  },
  waiting: {
    accepted: 'processing running',
    refused: 'failed rejected provider_rejected',
    rate_limited: 'processing rejected',
    withdrawn: 'processing rejected',
    hinted: 'processing unknown+claimed',
    finished: 'processing succeeded fault0',
    charge_settled: 'processing unknown',
  },
  claimed: {
    accepted: 'processing running',
    refused: 'failed rejected provider_rejected',
    rate_limited: 'processing rejected',
    withdrawn: 'processing rejected',
    unconfirmed: 'processing unknown',
    finished: 'processing succeeded fault0',
    charge_settled: 'processing unknown+claimed',
  },
  doubted: {
    hinted: 'processing running',
    pending: 'processing running',
    unanswered: 'processing running',
    finished: 'processing succeeded fault0',
    failed: 'failed failed provider_failed',
  },
  denied: {
    accepted: 'processing running',
    refused: 'failed rejected provider_rejected',
    rate_limited: 'processing rejected',
    withdrawn: 'processing rejected',
    hinted: 'processing unknown+denied',
    finished: 'processing succeeded fault0',
    failed: 'failed failed provider_failed',
    charge_settled: 'processing unknown+denied',
  },
  storing: {
    stored: 'succeeded succeeded stored',
    download_failed: 'processing succeeded fault1',
  },
  limited: {},
  succeeded: {
    deleted: 'succeeded succeeded stored',
    erased: 'succeeded succeeded',
    outdated: 'succeeded succeeded',
  },
  failed: {
    deleted: 'failed rejected',
    outdated: 'failed rejected provider_rejected',
  },
  unknown: {
    accepted: 'failed running submit_outcome_unknown',
    refused: 'failed rejected submit_outcome_unknown',
    rate_limited: 'failed rejected submit_outcome_unknown',
    withdrawn: 'failed rejected submit_outcome_unknown',
    hinted: 'failed unknown+claimed submit_outcome_unknown',
    finished: 'failed succeeded fault0 submit_outcome_unknown',
    deleted: 'failed unknown fault0',
    outdated: 'failed unknown submit_outcome_unknown',
    charge_settled: 'failed unknown submit_outcome_unknown',
  },
  late: {
    hinted: 'failed running timed_out',
    missed: 'failed running timed_out',
    finished: 'failed succeeded fault0 timed_out',
    failed: 'failed failed timed_out',
    deleted: 'failed unknown+abandoned fault0',
    outdated: 'failed running timed_out',
  },
  canceled: {
    deleted: 'canceled',
    outdated: 'canceled',
  },
}

const names = <T extends object>(record: T) => Object.keys(record) as Array<keyof T>

describe.each(names(STATES))('a task that is %s', (state) => {
  it.each(names(EVENTS))('on %s', (event) => {
    const next = decide(STATES[state], EVENTS[event], NOW)
    expect(describeTask(next)).toBe(EFFECTS[state][event] ?? NOTHING)
  })
})
