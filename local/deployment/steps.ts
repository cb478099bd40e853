/**
 * What `npm run setup` and `npm run deploy` are made of: steps that say what they do and why, find out
 * for themselves what is done already, and can therefore be repeated after any interruption.
 */

export interface Step {
  title: string
  /** One sentence: why it is needed, or what it leaves alone. */
  why: string
  /** What a dry run says that it would do. */
  would: string
  /** Brings it about unless it is so already, and says how it is now. */
  run(): Promise<string>
}

/** Something the operator can mend: printed as two sentences, without a stack. */
export class Obstacle extends Error {
  readonly cure: string

  constructor(problem: string, cure: string) {
    super(problem)
    this.cure = cure
  }
}

/** Takes the steps in order; a dry run only tells them. */
export async function takeSteps(steps: Step[], isDryRun: boolean): Promise<void> {
  for (const [index, step] of steps.entries()) {
    console.log(`\n${index + 1}/${steps.length} ${step.title}\n    ${step.why}`)
    const outcome = isDryRun ? `would: ${step.would}` : await step.run()
    console.log(outcome.replaceAll(/^/gm, isDryRun ? '    · ' : '    ✓ '))
  }
}

/** Runs a command's body; an obstacle ends it with exit code 1 and its cure. */
export async function runCommand(body: () => Promise<void>): Promise<void> {
  try {
    await body()
  } catch (error) {
    if (!(error instanceof Obstacle)) throw error
    console.error(`\n    ✗ ${error.message}\n      ${error.cure}`)
    console.error('\nWhat is done stays done: run it again once that is mended.')
    process.exitCode = 1
  }
}
