import { useEffect, useRef, useState } from "react";
import { saveBlob } from "../api/downloads";
import { Failed, Loading } from "../parts/Failed";
import { useWords } from "../words/use";
import type { Drawn, Figures } from "./chart";
import { pngOf } from "./png";

/** A chart over the table that has the same figures; saved as SVG or PNG. */
export function Chart({ figures }: { figures: Figures }) {
  const { t, aside } = useWords();
  const place = useRef<HTMLDivElement>(null);
  const drawn = useRef<Drawn | null>(null);
  const [state, setState] = useState<"loading" | "there" | "failed">("loading");
  const [tries, setTries] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another try loads the file again
  useEffect(() => {
    let wanted = true;
    const resize = () => drawn.current?.resize();
    import("./chart").then(
      ({ draw }) => {
        if (!wanted || !place.current) return;
        drawn.current = draw(place.current, figures);
        setState("there");
      },
      () => wanted && setState("failed"),
    );
    window.addEventListener("resize", resize);
    return () => {
      wanted = false;
      window.removeEventListener("resize", resize);
      drawn.current?.end();
      drawn.current = null;
    };
  }, [figures, tries]);
  const save = async (kind: "svg" | "png") => {
    const svg = drawn.current?.svg();
    if (!svg) return;
    const blob = kind === "svg" ? new Blob([svg], { type: "image/svg+xml" }) : await pngOf(svg);
    saveBlob(blob, `${figures.title}.${kind}`);
  };
  return (
    <>
      {state === "loading" && <Loading />}
      {state === "failed" && (
        <Failed what={t.reports.chart} error={null} onRetry={() => setTries(tries + 1)} />
      )}
      <div className="chart" role="img" aria-label={figures.title} ref={place} />
      <div className="buttons">
        {(["svg", "png"] as const).map((kind) => (
          <button key={kind} type="button" className="secondary" onClick={() => save(kind)}>
            {t.reports.download + aside(kind.toUpperCase())}
          </button>
        ))}
      </div>
    </>
  );
}
