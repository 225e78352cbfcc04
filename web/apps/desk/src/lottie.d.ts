declare module "lottie-web/build/player/lottie_light" {
  export { default } from "lottie-web";
}
