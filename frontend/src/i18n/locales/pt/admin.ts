import type en from "../en/admin";
import type { Words } from "../../words";

const pt: Words<typeof en> = {
  title: "Administração",
  soon: "A administração está a ser preparada.",
  signInFirst: "Inicie sessão com uma conta da equipa para trabalhar aqui.",
};

export default pt;
