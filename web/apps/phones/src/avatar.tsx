// A round face with initials.

export function Avatar({ name, seed }: { name: string; seed: number }) {
  return (
    <span class="avatar" style={{ "--hue": String((seed * 67) % 360) }} aria-hidden="true">
      {name
        .split(" ")
        .map((part) => part.slice(0, 1))
        .join("")
        .slice(0, 2)}
    </span>
  );
}
