import { expect, test as base, type Locator, type Page } from "@playwright/test";
import { firstPicture } from "../../tools/servePatchbay.mjs";
import { StudioServer } from "./server.js";

/** What a person does in the studio. */
export class StudioPage {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  /** Opens it and waits until the graph is there and the server is heard. */
  async open(url: string): Promise<void> {
    await this.page.goto(url);
    await expect(this.cards.first()).toBeVisible();
    await expect(this.run).toBeEnabled();
  }

  get cards(): Locator {
    return this.page.locator(".card");
  }

  /** A card by the type of its node. */
  card(type: string, at = 0): Locator {
    return this.page.locator(`[data-type="${type}"]`).nth(at);
  }

  get run(): Locator {
    return this.page.getByRole("button", { name: "Run", exact: true });
  }

  get cancel(): Locator {
    return this.page.getByRole("button", { name: "Cancel", exact: true });
  }

  get status(): Locator {
    return this.page.locator(".run-state");
  }

  /** The picture on the card that saves it. */
  get picture(): Locator {
    return this.card("SaveImage").locator(".card-picture img:not(.live)");
  }

  get wires(): Locator {
    return this.page.locator("[data-edge]");
  }

  field(card: Locator, name: string): Locator {
    return card.locator(`[data-field="${name}"]`);
  }

  socket(card: Locator, port: string, side: "source" | "target"): Locator {
    return card.locator(`.react-flow__handle.${side}[data-handleid="${port}"]`);
  }

  /** Types a new number into a field. */
  async type(card: Locator, field: string, text: string): Promise<void> {
    await this.field(card, field).getByRole("spinbutton").click();
    const input = this.field(card, field).locator("input");
    await input.fill(text);
    await input.press("Enter");
  }

  /** Lets every run use the seed that is there. */
  async keepSeed(): Promise<void> {
    await this.field(this.card("KSampler"), "seed")
      .getByRole("button", { name: /between runs/ })
      .click();
    await this.page.getByRole("menuitemradio", { name: /Fixed/ }).click();
  }

  /** Presses Run and waits for the picture that comes of it. */
  async runToEnd(): Promise<string> {
    const before = await this.pictureSource();
    await this.run.click();
    await expect(this.picture).not.toHaveAttribute("src", before ?? "", { timeout: 20_000 });
    await this.idle();
    return (await this.pictureSource()) ?? "";
  }

  async pictureSource(): Promise<string | null> {
    return (await this.picture.count()) === 0 ? null : this.picture.getAttribute("src");
  }

  /** Waits until nothing runs. */
  async idle(): Promise<void> {
    await expect(this.cancel).toHaveCount(0, { timeout: 30_000 });
  }

  /** Draws a wire from an output to an input. */
  async wire(from: Locator, to: Locator): Promise<void> {
    const [a, b] = [await centre(from), await centre(to)];
    await this.page.mouse.move(...a);
    await this.page.mouse.down();
    await this.page.mouse.move((a[0] + b[0]) / 2, (a[1] + b[1]) / 2, { steps: 4 });
    await this.page.mouse.move(...b, { steps: 4 });
    await this.page.mouse.up();
  }

  /** Adds a card by search, at a place of the window. */
  async add(query: string, at: readonly [number, number]): Promise<void> {
    await this.page.mouse.dblclick(...at);
    const search = this.page.getByRole("combobox", { name: "Add a card" });
    await search.fill(query);
    await search.press("Enter");
    await expect(search).toHaveCount(0);
  }

  /** Lets files fall onto the canvas. */
  async drop(
    files: readonly { readonly name: string; readonly type: string; readonly bytes: Uint8Array }[],
    at: readonly [number, number] = [700, 700],
  ): Promise<void> {
    const held = await this.page.evaluateHandle(
      (given) => {
        const transfer = new DataTransfer();
        for (const { name, type, base64 } of given) {
          const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
          transfer.items.add(new File([bytes], name, { type }));
        }
        return transfer;
      },
      files.map(({ name, type, bytes }) => ({ name, type, base64: Buffer.from(bytes).toString("base64") })),
    );
    await this.page.evaluate(
      ([transfer, x, y]) => {
        const target = document.elementFromPoint(x, y) ?? document.body;
        for (const type of ["dragenter", "dragover", "drop"]) {
          target.dispatchEvent(new DragEvent(type, { dataTransfer: transfer, bubbles: true, cancelable: true, clientX: x, clientY: y }));
        }
      },
      [held, at[0], at[1]] as const,
    );
  }

  /** The graph as it would be saved: ids, types, values and wires. */
  async shape(): Promise<{ readonly types: string[]; readonly wires: number }> {
    const types = await this.page.locator("[data-type]").evaluateAll((cards) => cards.map((card) => card.getAttribute("data-type") ?? ""));
    return { types: types.sort(), wires: await this.wires.count() };
  }
}

export async function centre(locator: Locator): Promise<[number, number]> {
  const box = await locator.boundingBox();
  if (!box) throw new Error("What should be pointed at is not on the page");
  return [box.x + box.width / 2, box.y + box.height / 2];
}

/** A story: a server with its first picture made, and the studio of one tab, open. */
export const test = base.extend<{ readonly studio: StudioPage }, { readonly server: StudioServer }>({
  server: [
    // eslint-disable-next-line no-empty-pattern
    async ({}, use) => {
      const server = new StudioServer();
      await server.start();
      await firstPicture(server.url);
      await use(server);
      await server.stop();
    },
    { scope: "worker" },
  ],
  studio: async ({ page, server }, use) => {
    const errors: string[] = [];
    page.on("pageerror", (error) => errors.push(error.message));
    page.on("console", (message) => {
      if (message.type() === "error" && !/Failed to load resource|WebSocket connection/.test(message.text())) errors.push(message.text());
    });
    const studio = new StudioPage(page);
    await studio.open(server.url);
    await use(studio);
    expect(errors, "the page reported errors").toEqual([]);
  },
});

export { expect };
