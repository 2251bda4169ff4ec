// The words of the back office.
export default {
  title: "Back office",
  soon: "The back office is being set up.",
  signInFirst: "Sign in with a staff account to work here.",
};
