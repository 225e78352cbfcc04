/** A drawn code as a file to save. */

const PIXELS = 1024;

/** Give an SVG picture an address. */
export function asSvg(svg: string): string {
  return `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
}

/** Draw an SVG picture as a PNG of 1024 pixels; gives its address. */
export async function asPng(svg: string): Promise<string> {
  const image = new Image();
  image.src = asSvg(svg);
  image.width = PIXELS;
  image.height = PIXELS;
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = PIXELS;
  canvas.height = PIXELS;
  const pen = canvas.getContext("2d");
  if (!pen) throw new Error("the browser does not draw");
  pen.imageSmoothingEnabled = false;
  pen.drawImage(image, 0, 0, PIXELS, PIXELS);
  return canvas.toDataURL("image/png");
}

/** Ask the browser to save what is at an address. */
export function saveAs(url: string, name: string): void {
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
}
