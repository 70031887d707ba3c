using System.ComponentModel.DataAnnotations;

namespace Polyphony.Web.Hosting;

/// <summary>What an installation can set, in <c>appsettings.json</c> under <c>Polyphony</c> or as <c>Polyphony__Name</c> in the environment.</summary>
public sealed class PolyphonyOptions
{
    public const string Section = "Polyphony";

    /// <summary>Empty for an SQLite file in the data directory, a path, or <c>postgres://…</c>.</summary>
    public string Database { get; set; } = "";

    /// <summary>Directory for the database file, the keys and the outbox; relative to the program's content.</summary>
    [Required]
    public string Data { get; set; } = "data";

    /// <summary>Directory of the key ring when it is not <c>keys</c> in the data directory. Back it up apart from the database.</summary>
    public string Keys { get; set; } = "";

    /// <summary>A PKCS #12 file whose certificate encrypts the key ring; empty: the ring is guarded by the rights of its directory alone.</summary>
    public string KeyCertificate { get; set; } = "";

    /// <summary>The password of <see cref="KeyCertificate"/>.</summary>
    public string KeyCertificatePassword { get; set; } = "";

    /// <summary>The address under which people reach the server; feeds every link and QR code. Empty: the address it listens on.</summary>
    public string PublicUrl { get; set; } = "";

    /// <summary>Addresses of proxies whose X-Forwarded headers are believed.</summary>
    public IList<string> TrustedProxies { get; } = [];

    public SmtpOptions Smtp { get; set; } = new();
}

/// <summary>A mail server; without a host, mail is laid into the outbox folder.</summary>
public sealed class SmtpOptions
{
    public string Host { get; set; } = "";

    [Range(1, 65535)]
    public int Port { get; set; } = 587;

    public string User { get; set; } = "";

    public string Password { get; set; } = "";

    /// <summary>Sender address.</summary>
    public string From { get; set; } = "";
}
