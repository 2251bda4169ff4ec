import type { Words } from "../../words";
import type en from "../en/admin";
import frame from "./admin/frame";
import problems from "./admin/problems";
import shop from "./admin/shop";
import works from "./admin/works";

const pt: Words<typeof en> = { ...frame, ...problems, ...shop, ...works };

export default pt;
