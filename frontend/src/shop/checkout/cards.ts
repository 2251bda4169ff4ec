// The test cards of the payment gateway. A real gateway's form would give a token in the same way.
export const CARDS = [
  { token: "tok_success", digits: "4242" },
  { token: "tok_declined", digits: "0002" },
  { token: "tok_insufficient_funds", digits: "9995" },
  { token: "tok_timeout_charged", digits: "0101" },
  { token: "tok_timeout_not_charged", digits: "0119" },
] as const;
