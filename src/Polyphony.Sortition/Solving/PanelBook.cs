namespace Polyphony.Sortition.Solving;

/// <summary>Panels met so far, each once and each checked.</summary>
internal sealed class PanelBook(TypeTable table)
{
    private readonly List<int[]> panels = [];
    private readonly HashSet<PanelKey> keys = [];

    public IReadOnlyList<int[]> Panels => panels;

    public int Count => panels.Count;

    public int[] this[int number] => panels[number];

    /// <summary>The first panel for which something holds; −1: none.</summary>
    public int Find(Predicate<int[]> holds) => panels.FindIndex(holds);

    /// <summary>Takes a panel in, after checking it in plain code.</summary>
    /// <returns>Its number.</returns>
    public int Meet(int[] panel)
    {
        if (!table.IsPanel(panel))
        {
            throw new InvalidOperationException("A proposed panel broke the rules of the pool: this is a fault of the program.");
        }

        if (keys.Add(new(panel)))
        {
            panels.Add(panel);
            return panels.Count - 1;
        }

        return panels.FindIndex(other => other.AsSpan().SequenceEqual(panel));
    }

    /// <summary>A panel that compares by its counts.</summary>
    /// <remarks>A class, because for references the framework's collections are compiled already.</remarks>
    private sealed class PanelKey(int[] counts) : IEquatable<PanelKey>
    {
        private readonly int[] counts = counts;

        public bool Equals(PanelKey? other) => other is not null && counts.AsSpan().SequenceEqual(other.counts);

        public override bool Equals(object? obj) => Equals(obj as PanelKey);

        public override int GetHashCode()
        {
            uint hash = 2_166_136_261;
            for (int t = 0; t < counts.Length; t++)
            {
                if (counts[t] > 0)
                {
                    hash = (hash ^ (uint)((t << 10) + counts[t])) * 16_777_619;
                }
            }

            return (int)hash;
        }
    }
}
