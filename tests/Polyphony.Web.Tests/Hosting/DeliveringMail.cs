using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Polyphony.Storage;
using Polyphony.Storage.Mail;
using Polyphony.Web.Hosting;
using Polyphony.Web.Tests.Server;

namespace Polyphony.Web.Tests.Hosting;

public sealed class DeliveringMail
{
    [Fact]
    public async Task Without_a_mail_server_it_lies_in_the_outbox_and_the_address_is_forgotten()
    {
        string directory = Directory.CreateTempSubdirectory("polyphony-mail-").FullName;
        await using WebApplication app = await TestServer.StartAsync(directory, "");
        Guid id = await EnqueueAsync(app, "citizen@example.org");
        OutgoingMail sent = await WaitAsync(app, id, mail => mail.SentAt is not null);
        Assert.Equal(("", "", ""), (sent.To, sent.Body, sent.LastErrorCode));
        string eml = await File.ReadAllTextAsync(Path.Combine(directory, "outbox", id.ToString("N") + ".eml"), TestContext.Current.CancellationToken);
        Assert.Contains("citizen@example.org", eml, StringComparison.Ordinal);
        await EndAsync(app, directory);
    }

    [Fact]
    public async Task With_a_mail_server_it_is_sent_once_a_refused_address_is_given_up_and_no_log_names_anybody()
    {
        string directory = Directory.CreateTempSubdirectory("polyphony-mail-").FullName;
        await using SmtpListener listener = new();
        CapturedLog log = new();
        await using WebApplication app = await StartAsync(directory, listener.Port, log);
        Guid good = await EnqueueAsync(app, "citizen@example.org");
        Guid bad = await EnqueueAsync(app, "nobody@example.org");
        await WaitAsync(app, good, mail => mail.SentAt is not null);
        OutgoingMail refused = await WaitAsync(app, bad, mail => mail.Attempts == DeliverMail.MostAttempts);
        Assert.Equal(("recipient-refused", "", ""), (refused.LastErrorCode, refused.To, refused.Body));
        Assert.Null(refused.SentAt);
        string mail = Assert.Single(listener.Mails);
        Assert.Contains("To: citizen@example.org", mail, StringComparison.Ordinal);
        Assert.Contains("Auto-Submitted: auto-generated", mail, StringComparison.Ordinal);
        Assert.Contains(log.Lines, line => line.Contains("recipient-refused", StringComparison.Ordinal));
        Assert.DoesNotContain(log.Lines, line => line.Contains("@example.org", StringComparison.Ordinal));
        await EndAsync(app, directory);
    }

    [Fact]
    public async Task A_closed_door_is_noted_and_tried_again_later()
    {
        string directory = Directory.CreateTempSubdirectory("polyphony-mail-").FullName;
        await using WebApplication app = await StartAsync(directory, 1, new CapturedLog());
        Guid id = await EnqueueAsync(app, "citizen@example.org");
        OutgoingMail waiting = await WaitAsync(app, id, mail => mail.LastErrorCode.Length > 0);
        Assert.Equal(("smtp-unreachable", 1, "citizen@example.org"), (waiting.LastErrorCode, waiting.Attempts, waiting.To));
        await EndAsync(app, directory);
    }

    [Fact]
    public void The_waits_grow_to_an_hour() => Assert.Equal([30, 60, 120, 3_600, 3_600], new[] { 1, 2, 3, 8, 29 }.Select(attempts => DeliverMail.Wait(attempts).TotalSeconds));

    private static Task<WebApplication> StartAsync(string directory, int port, CapturedLog log) => TestServer.StartAsync(directory, "", builder =>
    {
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Polyphony:Smtp:Host"] = "127.0.0.1",
            ["Polyphony:Smtp:Port"] = port.ToString(System.Globalization.CultureInfo.InvariantCulture),
            ["Polyphony:Smtp:From"] = "dialogue@sender.example",
        });
        builder.Logging.AddProvider(log);
    });

    private static async Task<Guid> EnqueueAsync(WebApplication app, string to)
    {
        await using AsyncServiceScope scope = app.Services.CreateAsyncScope();
        Db db = scope.ServiceProvider.GetRequiredService<Db>();
        OutgoingMail mail = new() { Id = Guid.CreateVersion7(), To = to, Subject = "Your\r\nBcc: x@y.example invitation", Body = "https://dialogue.example/c/secret", CreatedAt = DateTimeOffset.UtcNow };
        db.OutgoingMails.Add(mail);
        await db.SaveChangesAsync();
        return mail.Id;
    }

    private static async Task<OutgoingMail> WaitAsync(WebApplication app, Guid id, Func<OutgoingMail, bool> until)
    {
        for (int i = 0; ; i++)
        {
            await using AsyncServiceScope scope = app.Services.CreateAsyncScope();
            OutgoingMail mail = await scope.ServiceProvider.GetRequiredService<Db>().OutgoingMails.AsNoTracking().SingleAsync(m => m.Id == id);
            if (until(mail))
            {
                return mail;
            }

            Assert.True(i < 200, $"still waiting: {mail.Attempts} attempts, {mail.LastErrorCode}");
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }
    }

    private static async Task EndAsync(WebApplication app, string directory)
    {
        await app.StopAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(directory, recursive: true);
    }
}

/// <summary>As much of a mail server as a client needs; refuses whoever is called nobody.</summary>
internal sealed class SmtpListener : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly Task accepting;

    public SmtpListener()
    {
        listener.Start();
        accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    public ConcurrentQueue<string> Mails { get; } = new();

    public async ValueTask DisposeAsync()
    {
        listener.Stop();
        await Record.ExceptionAsync(() => accepting);
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            using TcpClient client = await listener.AcceptTcpClientAsync();
            using StreamReader reader = new(client.GetStream(), Encoding.ASCII);
            await using StreamWriter writer = new(client.GetStream(), Encoding.ASCII) { AutoFlush = true, NewLine = "\r\n" };
            await writer.WriteLineAsync("220 test");
            while (await reader.ReadLineAsync() is { } line)
            {
                string verb = line.Split(' ')[0].ToUpperInvariant();
                if (verb == "DATA")
                {
                    await writer.WriteLineAsync("354 go on");
                    StringBuilder mail = new();
                    while (await reader.ReadLineAsync() is { } part and not ".")
                    {
                        mail.AppendLine(part);
                    }

                    Mails.Enqueue(mail.ToString());
                }

                await writer.WriteLineAsync(line.Contains("<nobody@", StringComparison.Ordinal) ? "550 5.1.1 <nobody@example.org> unknown" : verb == "QUIT" ? "221 bye" : "250 ok");
            }
        }
    }
}
