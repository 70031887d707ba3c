using System.Text.Json;
using System.Text.Json.Nodes;

namespace Polyphony.Proofs;

/// <summary>The file of all numbered panels, read as strictly as a record.</summary>
/// <param name="Manifest">Hash of the manifest that it belongs to.</param>
/// <param name="Panels">The panels as they stand there, in any order of tickets.</param>
internal sealed record PublishedPanels(string Manifest, IReadOnlyList<TicketText> Panels)
{
    /// <summary>Reads the file; null when it has another form.</summary>
    public static PublishedPanels? Read(byte[] file)
    {
        // Nearly all of the file is one list, which has only one canonical form and is read as bytes; what is left without it is short, and canonical exactly when the whole is.
        List<TicketText> panels = [];
        if (ListAt(file) is not { } start || Length(file.AsSpan(start), panels) is not { } length)
        {
            return null;
        }

        byte[] rest = [.. file.AsSpan(0, start), .. "[]"u8, .. file.AsSpan(start + length)];
        try
        {
            return PublishedDraw.Canonical(rest) is { } read && PublishedDraw.Whole(read["format"]) == DrawFiles.Format && read["panels"] is JsonArray { Count: 0 }
                ? new(PublishedDraw.Hash(read["manifest"]), panels)
                : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }

    /// <summary>Where the list of panels begins.</summary>
    private static int? ListAt(byte[] file)
    {
        Utf8JsonReader reader = new(file);
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType == JsonTokenType.PropertyName && reader.CurrentDepth == 1 && reader.ValueTextEquals("panels"u8))
                {
                    return reader.Read() ? (int)reader.TokenStartIndex : null;
                }
            }
        }
        catch (JsonException)
        {
        }

        return null;
    }

    /// <summary>Reads the list, and gives its length in bytes; null when anything but lists of tickets stands there.</summary>
    private static int? Length(ReadOnlySpan<byte> text, List<TicketText> panels)
    {
        const int Quoted = TicketText.Length + 2;
        int at = 0;
        if (!Is(text, at++, '['))
        {
            return null;
        }

        while (!Is(text, at, ']'))
        {
            if ((panels.Count > 0 && !Is(text, at++, ',')) || !Is(text, at++, '['))
            {
                return null;
            }

            int people = text[at..].IndexOf((byte)']') is var end and > 0 ? (end + 1) / (Quoted + 1) : 0;
            byte[] joined = new byte[Math.Max(0, (people * TicketText.Step) - 1)];
            for (int person = 0; person < people; person++)
            {
                if ((person > 0 && !Is(text, at++, ',')) || text.Length - at < Quoted || !Is(text, at, '"') || !IsTicket(text.Slice(at + 1, TicketText.Length)) || !Is(text, at + Quoted - 1, '"'))
                {
                    return null;
                }

                text.Slice(at + 1, TicketText.Length).CopyTo(joined.AsSpan(person * TicketText.Step));
                at += Quoted;
                if (person + 1 < people)
                {
                    joined[((person + 1) * TicketText.Step) - 1] = (byte)'\n';
                }
            }

            if (!Is(text, at++, ']'))
            {
                return null;
            }

            panels.Add(new(joined));
        }

        return at + 1;
    }

    private static bool Is(ReadOnlySpan<byte> text, int at, char expected) => at < text.Length && text[at] == expected;

    private static bool IsTicket(ReadOnlySpan<byte> text)
    {
        foreach (byte c in text)
        {
            if (c is not ((>= (byte)'0' and <= (byte)'9') or (>= (byte)'a' and <= (byte)'f')))
            {
                return false;
            }
        }

        return true;
    }
}
