namespace Polyphony.Sortition.Solving;

/// <summary>When somebody sits.</summary>
internal sealed class SeatTurn
{
    public List<(long From, long To)> Spans { get; } = [];

    public long Length => Spans.Sum(span => span.To - span.From);

    public void Add(long from, long to)
    {
        if (Spans.Count > 0 && Spans[^1].To == from)
        {
            Spans[^1] = (Spans[^1].From, to);
        }
        else
        {
            Spans.Add((from, to));
        }
    }

    public bool Meets(SeatTurn other) => Spans.Exists(span => other.Spans.Exists(theirs => span.From < theirs.To && theirs.From < span.To));

    public bool MeetsItself()
    {
        (long From, long To)[] ordered = [.. Spans.OrderBy(span => span.From)];
        return Enumerable.Range(1, Math.Max(0, ordered.Length - 1)).Any(i => ordered[i].From < ordered[i - 1].To);
    }
}
