/** `cloudflare:workers`, as far as the task runner needs it. */
export class DurableObject<Bindings, State> {
  constructor(
    protected readonly ctx: State,
    protected readonly env: Bindings,
  ) {}
}
