using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using MimeKit;
using Polyphony.Storage;
using Polyphony.Storage.Mail;

namespace Polyphony.Web.Hosting;

/// <summary>Takes waiting mail to the mail server, or lays it into the outbox folder when none is set. What went is kept without address and text.</summary>
/// <remarks>With several servers on one database a mail is claimed by raising its number of attempts, so that one of them sends it. A process that dies
/// between the server's yes and the note of it sends the mail once more, under the same Message-Id.</remarks>
public sealed partial class DeliverMail(
    IServiceScopeFactory scopes, IOptions<PolyphonyOptions> options, DataDirectory data, TimeProvider clock, ILogger<DeliverMail> logger) : BackgroundService
{
    /// <summary>After so many tries, about a day, a mail is given up.</summary>
    public const int MostAttempts = 30;

    private const int MostInOneRound = 50;
    private static readonly TimeSpan Round = TimeSpan.FromSeconds(2);

    private readonly Dictionary<Guid, DateTimeOffset> notBefore = [];

    /// <summary>The wait after a number of failed tries: half a minute, doubled each time, one hour at most.</summary>
    public static TimeSpan Wait(int attempts) => TimeSpan.FromSeconds(Math.Min(3_600, 30 * Math.Pow(2, Math.Clamp(attempts - 1, 0, 12))));

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using PeriodicTimer timer = new(Round, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                try
                {
                    await DeliverAsync(stoppingToken);
                }
#pragma warning disable CA1031 // Mail outlives any one fault; it is logged and the next round tries again.
                catch (Exception failure) when (failure is not OperationCanceledException)
#pragma warning restore CA1031
                {
                    LogRoundFailed(logger, failure.GetType().Name);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The server stops; what waits is sent after the next start.
        }
    }

    /// <summary>One round over what waits.</summary>
    private async Task DeliverAsync(CancellationToken cancellationToken)
    {
        await using AsyncServiceScope scope = scopes.CreateAsyncScope();
        Db db = scope.ServiceProvider.GetRequiredService<Db>();
        DateTimeOffset now = clock.GetUtcNow();
        Guid[] resting = [.. notBefore.Where(wait => wait.Value > now).Select(wait => wait.Key)];
        List<OutgoingMail> waiting = await db.OutgoingMails.AsNoTracking()
            .Where(mail => mail.SentAt == null && mail.Attempts < MostAttempts && !resting.Contains(mail.Id))
            .OrderBy(mail => mail.Attempts).ThenBy(mail => mail.CreatedAt).Take(MostInOneRound).ToListAsync(cancellationToken);
        if (waiting.Count == 0)
        {
            return;
        }

        SmtpOptions smtp = options.Value.Smtp;
        await using MailServer? server = smtp.Host.Length > 0 ? new MailServer(smtp) : null;
        foreach (OutgoingMail mail in waiting)
        {
            // Somebody tried it before this process knew it: perhaps another server, a moment ago.
            if (mail.Attempts > 0 && notBefore.TryAdd(mail.Id, now + Wait(mail.Attempts)))
            {
                continue;
            }

            if (await db.OutgoingMails.Where(m => m.Id == mail.Id && m.Attempts == mail.Attempts && m.SentAt == null)
                .ExecuteUpdateAsync(set => set.SetProperty(m => m.Attempts, mail.Attempts + 1), cancellationToken) == 0)
            {
                continue;
            }

            Delivery delivery = await SendAsync(mail, server, cancellationToken);
            await NoteAsync(db, mail, delivery);
            if (delivery.Code.StartsWith("smtp-", StringComparison.Ordinal))
            {
                // The others would meet the same closed door.
                break;
            }
        }
    }

    private async Task<Delivery> SendAsync(OutgoingMail mail, MailServer? server, CancellationToken cancellationToken)
    {
        if (!MailboxAddress.TryParse(mail.To, out MailboxAddress? to) || !to.Address.Contains('@', StringComparison.Ordinal))
        {
            return new("address-unreadable", true);
        }

        MailboxAddress from = MailboxAddress.Parse(options.Value.Smtp.From.Length > 0 ? options.Value.Smtp.From : "polyphony@localhost");
        using MimeMessage message = new()
        {
            Subject = string.Join(' ', mail.Subject.Split((char[])['\r', '\n'], StringSplitOptions.RemoveEmptyEntries)),
            Date = mail.CreatedAt,
            MessageId = $"{mail.Id:N}@{from.Domain}",
            Body = new TextPart("plain") { Text = mail.Body },
        };
        message.From.Add(from);
        message.To.Add(to);

        // No holiday notice should answer, and none is read here.
        message.Headers.Add(HeaderId.AutoSubmitted, "auto-generated");
        return server is null ? await LayAsync(mail.Id, message, cancellationToken) : await server.SendAsync(message, cancellationToken);
    }

    private async Task<Delivery> LayAsync(Guid id, MimeMessage message, CancellationToken cancellationToken)
    {
        string path = Path.Combine(data.Outbox, id.ToString("N") + ".eml");
        try
        {
            File.Delete(path + ".part");
            await using (FileStream file = PrivateFiles.Create(path + ".part"))
            {
                await message.WriteToAsync(file, cancellationToken);
            }

            File.Move(path + ".part", path, overwrite: true);
            return Delivery.Done;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return new("outbox-not-writable", false);
        }
    }

    private async Task NoteAsync(Db db, OutgoingMail mail, Delivery delivery)
    {
        DateTimeOffset now = clock.GetUtcNow();
        int attempts = mail.Attempts + 1;
        bool done = delivery.Code.Length == 0;
        bool over = done || delivery.IsFinal || attempts >= MostAttempts;
        notBefore[mail.Id] = now + Wait(attempts);
        if (over)
        {
            notBefore.Remove(mail.Id);
        }

        IQueryable<OutgoingMail> row = db.OutgoingMails.Where(m => m.Id == mail.Id);
        DateTimeOffset? sentAt = done ? now : null;
        if (over)
        {
            // Address and link are kept for delivery only.
            await row.ExecuteUpdateAsync(
                set => set.SetProperty(m => m.SentAt, sentAt).SetProperty(m => m.Attempts, done ? attempts : MostAttempts)
                    .SetProperty(m => m.LastErrorCode, delivery.Code).SetProperty(m => m.To, "").SetProperty(m => m.Body, ""),
                CancellationToken.None);
        }
        else
        {
            await row.ExecuteUpdateAsync(set => set.SetProperty(m => m.LastErrorCode, delivery.Code), CancellationToken.None);
        }

        if (!done)
        {
            LogNotDelivered(logger, mail.Id, delivery.Code, attempts, over);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Mail {Id} was not delivered: {Code}, try {Attempt}, given up: {GivenUp}")]
    private static partial void LogNotDelivered(ILogger logger, Guid id, string code, int attempt, bool givenUp);

    // Messages of mail and database faults can repeat addresses; the kind of the fault is enough to find it.
    [LoggerMessage(Level = LogLevel.Error, Message = "A round of mail broke with {Kind} and is tried again")]
    private static partial void LogRoundFailed(ILogger logger, string kind);
}
