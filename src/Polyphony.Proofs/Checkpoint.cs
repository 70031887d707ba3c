using System.Globalization;
using System.Text;

namespace Polyphony.Proofs;

/// <summary>What a log was at one moment: how many entries it had, and the root over them (C2SP tlog-checkpoint).</summary>
/// <param name="Origin">The log's name.</param>
/// <param name="Size">Number of entries, 0 or more.</param>
/// <param name="Root">32 bytes.</param>
public sealed record Checkpoint(string Origin, long Size, byte[] Root)
{
    private const string Dash = "\u2014 ";

    /// <summary>The text that is signed: origin, size and root, a line each.</summary>
    public string Text => string.Create(CultureInfo.InvariantCulture, $"{Origin}\n{Size}\n{Convert.ToBase64String(Root)}\n");

    /// <summary>The signed note: the text, a blank line, and one signature line (C2SP signed-note).</summary>
    /// <param name="signer">The log's key; its name is the origin.</param>
    /// <returns>The note, ended by a line feed.</returns>
    public string Sign(LogSigner signer)
    {
        ArgumentNullException.ThrowIfNull(signer);
        return $"{Text}\n{Dash}{signer.Key.Name} {Convert.ToBase64String([.. signer.Key.Id, .. signer.Sign(Encoding.UTF8.GetBytes(Text))])}\n";
    }

    /// <summary>Reads a signed note without looking at its signatures.</summary>
    /// <param name="note">The note.</param>
    /// <returns>Null when it is no checkpoint in its one form: three lines, a blank line, signature lines.</returns>
    public static Checkpoint? Read(string note)
    {
        ArgumentNullException.ThrowIfNull(note);
        string[] lines = note.Split('\n');
        return lines.Length >= 6 && LogKey.IsName(lines[0]) && lines[3].Length == 0 && lines[^1].Length == 0
            && lines[4..^1].All(line => line.StartsWith(Dash, StringComparison.Ordinal))
            && long.TryParse(lines[1], NumberStyles.None, CultureInfo.InvariantCulture, out long size) && size.ToString(CultureInfo.InvariantCulture) == lines[1] && size <= 1L << 53
            && StrictBase64.Decode(lines[2]) is { Length: 32 } root ? new Checkpoint(lines[0], size, root) : null;
    }

    /// <summary>Reads a signed note that a key must have signed.</summary>
    /// <param name="note">The note.</param>
    /// <param name="key">The log's key.</param>
    /// <returns>Null when it is no checkpoint of that log or has no valid signature by the key.</returns>
    public static Checkpoint? Open(string note, LogKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (Read(note) is not { } checkpoint || checkpoint.Origin != key.Name)
        {
            return null;
        }

        byte[] text = Encoding.UTF8.GetBytes(checkpoint.Text);
        string start = $"{Dash}{key.Name} ";
        return note.Split('\n')[4..^1].Where(line => line.StartsWith(start, StringComparison.Ordinal)).Select(line => StrictBase64.Decode(line[start.Length..]))
            .Any(signature => signature is { Length: 68 } && signature.AsSpan(0, 4).SequenceEqual(key.Id) && key.Verify(text, signature[4..])) ? checkpoint : null;
    }
}
