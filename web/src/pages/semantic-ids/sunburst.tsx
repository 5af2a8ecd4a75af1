/** A part of the trie as rings: in the middle the node, around it the codes that follow, wider the more items they have. */
import { useComputedColorScheme } from '@mantine/core';
import { SunburstChart } from 'echarts/charts';
import { TooltipComponent } from 'echarts/components';
import { type EChartsType, init, use as register } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';
import { useEffect, useRef } from 'react';

import { curveColor } from '../../app/theme';
import { plural } from '../../components/format/format';
import type { TrieChildFragment } from '../../graphql/graphql';
import { MOST_WITH_RINGS, trieRings } from './trie-rings';

register([SunburstChart, TooltipComponent, CanvasRenderer]);

const LINE_HEIGHT = 12;

interface SunburstProps {
  /** The codes of the node in the middle. */
  readonly codes: readonly number[];
  readonly rows: readonly TrieChildFragment[];
  readonly onOpen: (codes: readonly number[]) => void;
}

export function Sunburst({ codes, rows, onOpen }: SunburstProps) {
  const scheme = useComputedColorScheme('light');
  const place = useRef<HTMLDivElement>(null);
  const open = useRef(onOpen);
  open.current = onOpen;
  const chart = useRef<EChartsType>(null);
  useEffect(() => {
    const element = place.current;
    if (element === null) return;
    const drawn = (chart.current = init(element));
    drawn.on('click', ({ data }) => {
      const { codes } = (data ?? {}) as { codes?: readonly number[] };
      if (codes) open.current(codes);
    });
    const observer = new ResizeObserver(() => drawn.resize());
    observer.observe(element);
    return () => {
      observer.disconnect();
      drawn.dispose();
    };
  }, []);
  // The chart stays when its rows are loaded anew: a new one would begin empty.
  useEffect(() => {
    const text = scheme === 'dark' ? '#e8e6e3' : '#22201d';
    const radius = 0.48 * Math.min(place.current?.clientWidth ?? 0, place.current?.clientHeight ?? 0);
    const surface = scheme === 'dark' ? '#1c1b19' : '#ffffff';
    chart.current?.setOption({
      animation: !window.matchMedia('(prefers-reduced-motion: reduce)').matches,
      animationDuration: 300,
      color: Array.from({ length: 8 }, (_, index) => curveColor(index, scheme)),
      tooltip: {
        renderMode: 'richText',
        backgroundColor: surface,
        textStyle: { color: text, fontSize: 12 },
        formatter: ({ data }: { data: { title?: string; value?: number } }) =>
          `${data.title ?? ''}\n${plural(data.value ?? 0, 'item')}`,
      },
      series: {
        type: 'sunburst',
        data: trieRings(rows),
        radius: ['14%', '96%'],
        nodeClick: false,
        sort: undefined,
        emphasis: { focus: 'ancestor' },
        itemStyle: { borderColor: surface, borderWidth: 1 },
        label: {
          // At its outer end a name has the height of a line.
          minAngle: rows.length > MOST_WITH_RINGS ? (LINE_HEIGHT / radius) * (180 / Math.PI) : 9,
          align: rows.length > MOST_WITH_RINGS ? 'right' : 'center',
          color: scheme === 'dark' ? '#100f0e' : '#ffffff',
          fontSize: 11,
          width: 100,
          overflow: 'truncate',
        },
        levels: [{}, {}, { label: { show: false }, itemStyle: { opacity: 0.75 } }],
      },
    });
  }, [rows, scheme]);
  return (
    <div
      ref={place}
      role="img"
      aria-label={`The trie below ${codes.length === 0 ? 'its root' : codes.join(', ')}; the list beside it says the same`}
      style={{ height: 'min(480px, 90vw)', minWidth: 0 }}
    />
  );
}
