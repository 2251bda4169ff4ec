import type { Tone } from "../ui/Badge";
import type { Product } from "./draft";

export const statusTones: Record<Product["status"], Tone> = { active: "true", draft: "wait", archived: "plain" };
