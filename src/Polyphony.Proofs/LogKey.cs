using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Org.BouncyCastle.Math.EC.Rfc8032;

namespace Polyphony.Proofs;

/// <summary>The public key of a log, in the text form of C2SP signed-note: <c>name+hash+base64</c>.</summary>
/// <param name="Name">The log's origin, without blanks and plus signs.</param>
/// <param name="PublicKey">32 bytes, Ed25519.</param>
public sealed record LogKey(string Name, byte[] PublicKey)
{
    /// <summary>What C2SP signed-note writes for Ed25519.</summary>
    private const byte Ed25519Algorithm = 1;

    /// <summary>The first 4 bytes of SHA-256(name ‖ LF ‖ 0x01 ‖ public key), which name the key in a signature line.</summary>
    public byte[] Id => SHA256.HashData([.. Encoding.UTF8.GetBytes(Name), (byte)'\n', Ed25519Algorithm, .. PublicKey])[..4];

    /// <summary>Reads the text form strictly.</summary>
    /// <param name="text">What <see cref="ToString"/> writes.</param>
    /// <returns>Null when it is anything else.</returns>
    public static LogKey? Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string[] parts = text.Split('+', 3);
        return parts.Length == 3 && IsName(parts[0]) && StrictBase64.Decode(parts[2]) is [Ed25519Algorithm, ..] data && data.Length == 33
            && new LogKey(parts[0], data[1..]) is var key && key.ToString() == text ? key : null;
    }

    /// <summary>Whether a name may name a key of ours: visible ASCII without the plus sign (signed-note allows more scripts).</summary>
    /// <param name="name">The name.</param>
    /// <returns>Whether it may.</returns>
    public static bool IsName(string name) => !string.IsNullOrEmpty(name) && name.All(c => c is > ' ' and <= '~' and not '+');

    /// <summary>Checks a signature.</summary>
    /// <param name="message">What was signed.</param>
    /// <param name="signature">64 bytes.</param>
    /// <returns>Whether this key made it.</returns>
    public bool Verify(byte[] message, byte[] signature)
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentNullException.ThrowIfNull(signature);
        return signature.Length == Ed25519.SignatureSize && PublicKey.Length == Ed25519.PublicKeySize && Ed25519.Verify(signature, 0, PublicKey, 0, message, 0, message.Length);
    }

    /// <inheritdoc/>
    public bool Equals(LogKey? other) => other is not null && ToString() == other.ToString();

    /// <inheritdoc/>
    public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Name}+{Convert.ToHexStringLower(Id)}+{Convert.ToBase64String([Ed25519Algorithm, .. PublicKey])}");
}

/// <summary>The private key of a log. Ed25519 is deterministic: the same text always gets the same signature.</summary>
public sealed class LogSigner
{
    private const string Prefix = "PRIVATE+KEY+";
    private readonly byte[] seed;

    /// <summary>Makes a signer of a seed.</summary>
    /// <param name="name">The log's origin, see <see cref="LogKey.IsName"/>.</param>
    /// <param name="seed">32 random bytes.</param>
    public LogSigner(string name, byte[] seed)
    {
        ArgumentNullException.ThrowIfNull(seed);
        if (!LogKey.IsName(name) || seed.Length != Ed25519.SecretKeySize)
        {
            throw new ArgumentException("A name without blanks and plus signs, and 32 bytes.", nameof(name));
        }

        this.seed = [.. seed];
        byte[] publicKey = new byte[Ed25519.PublicKeySize];
        Ed25519.GeneratePublicKey(this.seed, 0, publicKey, 0);
        Key = new LogKey(name, publicKey);
    }

    /// <summary>The public key.</summary>
    public LogKey Key { get; }

    /// <summary>Reads what <see cref="ToSecretText"/> wrote.</summary>
    /// <param name="text">One line.</param>
    /// <returns>Null when it is anything else.</returns>
    public static LogSigner? Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string[] parts = text.StartsWith(Prefix, StringComparison.Ordinal) ? text[Prefix.Length..].Split('+', 3) : [];
        return parts.Length == 3 && LogKey.IsName(parts[0]) && StrictBase64.Decode(parts[2]) is [1, ..] data && data.Length == 33
            && new LogSigner(parts[0], data[1..]) is var signer && signer.ToSecretText() == text ? signer : null;
    }

    /// <summary>The private key as one line, in the form of Go's <c>note</c> package.</summary>
    /// <returns><c>PRIVATE+KEY+name+hash+base64</c>.</returns>
    public string ToSecretText() => string.Create(CultureInfo.InvariantCulture, $"{Prefix}{Key.Name}+{Convert.ToHexStringLower(Key.Id)}+{Convert.ToBase64String([1, .. seed])}");

    /// <summary>Signs bytes.</summary>
    /// <param name="message">Any bytes.</param>
    /// <returns>64 bytes.</returns>
    public byte[] Sign(byte[] message)
    {
        ArgumentNullException.ThrowIfNull(message);
        byte[] signature = new byte[Ed25519.SignatureSize];
        Ed25519.Sign(seed, 0, message, 0, message.Length, signature, 0);
        return signature;
    }
}

/// <summary>Base64 with one way to write each value: unused bits are zero, padding is there.</summary>
internal static class StrictBase64
{
    public static byte[]? Decode(string text)
    {
        byte[] buffer = new byte[text.Length];
        return Convert.TryFromBase64String(text, buffer, out int written) && Convert.ToBase64String(buffer.AsSpan(0, written)) == text ? buffer[..written] : null;
    }
}
