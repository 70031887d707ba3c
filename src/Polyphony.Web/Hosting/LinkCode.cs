using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Polyphony.Web.Hosting;

/// <summary>The secret part of a personal link: 128 random bits, of which the server keeps only a hash.</summary>
internal static class LinkCode
{
    /// <summary>Number of characters of a code.</summary>
    public const int Length = 22;

    /// <summary>Makes a code.</summary>
    public static string Create() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16));

    /// <summary>What is stored of a code.</summary>
    public static byte[] Hash(string code) => SHA256.HashData(Encoding.UTF8.GetBytes(code));

    /// <summary>Whether a text has the form of a code; anything else is not looked up.</summary>
    public static bool HasForm(string? code) => code is { Length: Length } && code.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');
}
