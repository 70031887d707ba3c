using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Polyphony.Storage;
using Polyphony.Storage.Connections;
using Polyphony.Web.Hosting;

namespace Polyphony.Web.Tests.Hosting;

public sealed class StartingWithOptions : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("polyphony-options-").FullName;

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Theory]
    [InlineData("http://localhost:5080")]
    [InlineData("http://127.0.0.1:0")]
    [InlineData("http://[::1]:80")]
    public void Plain_http_stays_on_this_machine(string url) => Assert.Empty(Codes(("urls", url)));

    [Theory]
    [InlineData("http://0.0.0.0:5080")]
    [InlineData("http://*:80")]
    [InlineData("http://[::]:80")]
    [InlineData("http://192.168.1.20:5080")]
    [InlineData("http://dialogue.example.org")]
    public void Plain_http_for_others_is_refused(string url) => Assert.Equal(["plain-http", "public-url-missing"], Codes(("urls", url)));

    [Fact]
    public void Ports_and_endpoints_are_seen_too()
    {
        Assert.Contains("plain-http", Codes(("http_ports", "8080")));
        Assert.Contains("plain-http", Codes(("Kestrel:Endpoints:Http:Url", "http://0.0.0.0:80")));
    }

    [Fact]
    public void A_trusted_proxy_or_https_opens_the_way()
    {
        Assert.Empty(Codes(("urls", "http://0.0.0.0:80"), ("Polyphony:TrustedProxies:0", "10.0.0.0/8"), ("Polyphony:PublicUrl", "https://dialogue.example.org")));
        Assert.Empty(Codes(("urls", "https://0.0.0.0:443"), ("Polyphony:PublicUrl", "https://dialogue.example.org")));
    }

    [Fact]
    public void Everything_wrong_is_said_at_once()
    {
        string[] codes = Codes(("urls", "http://0.0.0.0:80"), ("Polyphony:Database", "mysql://root@host/x"), ("Polyphony:TrustedProxies:0", "proxy"), ("Polyphony:PublicUrl", "dialogue.example.org"),
            ("Polyphony:Smtp:Host", "mail.example.org"), ("Polyphony:Smtp:User", "u"), ("Polyphony:Smtp:Port", "0"));
        Assert.Equal(["database", "proxy", "public-url", "port", "smtp-from-missing", "smtp-sign-in"], codes);
        Assert.Equal(["unknown-option", "not-a-number"], Codes(("Polyphony:Databse", "x"), ("Polyphony:Smtp:Port", "many")));
        Assert.Equal(["public-url-plain"], Codes(("Polyphony:PublicUrl", "http://dialogue.example.org")));
    }

    [Fact]
    public void A_data_directory_that_cannot_be_is_refused()
    {
        File.WriteAllText(Path.Combine(directory, "file"), "");
        Assert.Equal(["data-not-writable"], Codes(("Polyphony:Data", Path.Combine(directory, "file", "data"))));
    }

    [Fact]
    public async Task A_certificate_encrypts_the_key_ring()
    {
        string file = Certificate("right");
        Assert.Empty(Codes(("Polyphony:KeyCertificate", file), ("Polyphony:KeyCertificatePassword", "right")));
        Assert.Equal(["key-certificate"], Codes(("Polyphony:KeyCertificate", file), ("Polyphony:KeyCertificatePassword", "wrong")));
        Assert.Equal(["key-certificate"], Codes(("Polyphony:KeyCertificate", file + ".not-there")));

        string sealedBefore = Protect(file, "right", null);
        string[] keys = Directory.GetFiles(Path.Combine(directory, "keys"), "*.xml");
        Assert.NotEmpty(keys);
        Assert.All(keys, key => Assert.Contains("<EncryptedData", File.ReadAllText(key), StringComparison.Ordinal));
        Assert.All(keys, key => Assert.DoesNotContain("<masterKey", File.ReadAllText(key), StringComparison.Ordinal));

        // As after a restart; the certificate is in no store of the machine.
        Assert.Equal("said", Protect(file, "right", sealedBefore));
        Assert.Throws<CryptographicException>(() => Protect("", "", sealedBefore));
    }

    [Fact]
    public async Task The_server_says_how_to_go_on_and_ends()
    {
        using Sandbox box = new();
        Assert.Equal(1, await box.RunAsync("--urls", "http://0.0.0.0:5080", "--Polyphony:Smtp:Port=x"));
        Assert.Contains("Polyphony__TrustedProxies__0", box.Refused, StringComparison.Ordinal);
        Assert.Contains("Polyphony__Smtp__Port", box.Refused, StringComparison.Ordinal);
        Assert.DoesNotContain("⟦", box.Refused, StringComparison.Ordinal);
    }

    [Fact]
    public void A_password_in_the_address_is_never_repeated() =>
        Assert.DoesNotContain(Find(("Polyphony:Database", "mysql://root:secret@host/x")), problem => problem.Value.Contains("secret", StringComparison.Ordinal));

    [Theory]
    [InlineData("postgres://ann:p%40ss@db.example.org/poly", "db.example.org", 5432, "poly", "ann", "p@ss", SslMode.Prefer)]
    [InlineData("postgresql://ann@[::1]:6543/poly?sslmode=verify-full", "[::1]", 6543, "poly", "ann", null, SslMode.VerifyFull)]
    public void An_address_of_PostgreSQL_is_converted(string uri, string host, int port, string database, string user, string? password, SslMode mode)
    {
        NpgsqlConnectionStringBuilder read = new(Assert.IsType<DatabaseAddress.Postgres>(DatabaseAddress.Parse(uri, directory)).ConnectionString);
        Assert.Equal((host, port, database, user, password, mode), (read.Host, read.Port, read.Database, read.Username, read.Password, read.SslMode));
    }

    [Theory]
    [InlineData("postgres://host")]
    [InlineData("mysql://host/name")]
    [InlineData("postgres://host/name?no-such-option=1")]
    public void An_address_that_cannot_be_meant_is_refused(string text) => Assert.Equal(["database"], Codes(("Polyphony:Database", text)));

    [Fact]
    public async Task Every_connection_to_the_file_is_durable_and_forgets_what_is_deleted()
    {
        string path = Path.Combine(directory, "pragmas.db");
        await using Db db = Installation.Open(new DatabaseAddress.Sqlite(path));
        Dictionary<string, string> expected = new() { ["journal_mode"] = "wal", ["synchronous"] = "2", ["foreign_keys"] = "1", ["secure_delete"] = "1", ["busy_timeout"] = "10000" };
        await db.Database.OpenConnectionAsync(TestContext.Current.CancellationToken);
        foreach ((string pragma, string value) in expected)
        {
            using SqliteCommand command = ((SqliteConnection)db.Database.GetDbConnection()).CreateCommand();
            command.CommandText = "PRAGMA " + pragma;
            Assert.Equal(value, command.ExecuteScalar()!.ToString());
        }

        await db.Database.CloseConnectionAsync();
        SqliteConnection.ClearAllPools();
    }

    [Fact]
    public void Telemetry_is_silent_until_an_endpoint_is_set()
    {
        Assert.Empty(Services(null));
        Assert.NotEmpty(Services("http://localhost:4317"));
    }

    /// <summary>Seals a word with the key ring, or opens one that was sealed.</summary>
    private string Protect(string certificate, string password, string? opened)
    {
        PolyphonyOptions options = new() { Data = directory, KeyCertificate = certificate, KeyCertificatePassword = password };
        ServiceCollection services = new();
        services.AddLogging();
        services.AddKeyRing(options, new DataDirectory(options, directory), directory);
        using ServiceProvider provider = services.BuildServiceProvider();
        IDataProtector protector = provider.GetRequiredService<IDataProtectionProvider>().CreateProtector("test");
        return opened is null ? protector.Protect("said") : protector.Unprotect(opened);
    }

    private string Certificate(string password)
    {
        using RSA key = RSA.Create(2048);
        using X509Certificate2 certificate = new CertificateRequest("CN=Polyphony", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            .CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(1));
        string file = Path.Combine(directory, "keys.pfx");
        File.WriteAllBytes(file, certificate.Export(X509ContentType.Pkcs12, password));
        return file;
    }

    private static ServiceDescriptor[] Services(string? endpoint)
    {
        ServiceCollection services = new();
        services.AddTelemetry(new ConfigurationBuilder().AddInMemoryCollection([KeyValuePair.Create("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint)]).Build());
        return [.. services];
    }

    private string[] Codes(params (string Key, string Value)[] settings) => [.. Find(settings).Select(problem => problem.Code)];

    private IReadOnlyList<StartProblem> Find(params (string Key, string Value)[] settings)
    {
        Dictionary<string, string?> all = new() { ["Polyphony:Data"] = directory };
        foreach ((string key, string value) in settings)
        {
            all[key] = value;
        }

        return StartProblems.Find(new ConfigurationBuilder().AddInMemoryCollection(all).Build(), directory);
    }
}
