using System.Security.Cryptography;
using System.Text;

namespace Polyphony.Proofs;

/// <summary>Tickets as they are hashed: 32 characters each, joined by line feeds. A thousand panels of hundreds of people are verified without a text for each.</summary>
internal sealed class TicketText(byte[] joined)
{
    /// <summary>Characters of a ticket.</summary>
    public const int Length = 32;

    /// <summary>The line feed, too.</summary>
    public const int Step = Length + 1;

    /// <summary>How many tickets there are.</summary>
    public int Count => (joined.Length + 1) / Step;

    /// <summary>One of them.</summary>
    public ReadOnlySpan<byte> this[int place] => joined.AsSpan(place * Step, Length);

    /// <summary>Tickets in the order given.</summary>
    public static TicketText Of(IEnumerable<string> tickets) => new(Encoding.ASCII.GetBytes(string.Join('\n', tickets)));

    /// <summary>Each of the tickets once, ascending.</summary>
    public static TicketText Ascending(IEnumerable<string> tickets)
    {
        string[] sorted = [.. new HashSet<string>(tickets)];
        Array.Sort(sorted, StringComparer.Ordinal);
        return Of(sorted);
    }

    /// <summary>Whether these ascend and each is one of <paramref name="all"/>, which ascend: a single walk finds them, and none that stands twice or out of order.</summary>
    public bool AscendWithin(TicketText all)
    {
        int place = 0;
        for (int i = 0; i < Count; i++, place++)
        {
            ReadOnlySpan<byte> wanted = this[i];
            int compared = -1;
            while (place < all.Count && (compared = all[place].SequenceCompareTo(wanted)) < 0)
            {
                place++;
            }

            if (compared != 0)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Whether a ticket is one of these.</summary>
    public bool Contains(ReadOnlySpan<byte> ticket)
    {
        for (int i = 0; i < Count; i++)
        {
            if (this[i].SequenceEqual(ticket))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>What a manifest states of a panel, see <see cref="Pd1.PanelHash"/>.</summary>
    public string Hash() => Convert.ToHexStringLower(SHA256.HashData(joined));
}
