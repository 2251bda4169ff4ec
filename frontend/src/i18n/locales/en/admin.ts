// The words of the back office.
import frame from "./admin/frame";
import shop from "./admin/shop";
import works from "./admin/works";

export default { ...frame, ...shop, ...works };
