// The words of the back office.
import frame from "./admin/frame";
import problems from "./admin/problems";
import shop from "./admin/shop";
import works from "./admin/works";

export default { ...frame, ...problems, ...shop, ...works };
