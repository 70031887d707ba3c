using System.Net.Sockets;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;

namespace Polyphony.Web.Hosting;

/// <summary>How a mail left, or why it did not.</summary>
/// <param name="Code">Empty when it left; else such as <c>recipient-refused</c>. Never an address, never a server's sentence: those repeat addresses.</param>
/// <param name="IsFinal">Whether trying again is useless.</param>
internal sealed record Delivery(string Code, bool IsFinal)
{
    public static readonly Delivery Done = new("", false);
}

/// <summary>Brings mail to an SMTP server.</summary>
internal sealed class MailServer(SmtpOptions options) : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private SmtpClient? client;

    public async Task<Delivery> SendAsync(MimeMessage message, CancellationToken cancellationToken)
    {
        try
        {
            if (client is not { IsConnected: true })
            {
                client?.Dispose();
                client = await ConnectAsync(options, cancellationToken);
            }

            await client.SendAsync(message, cancellationToken);
            return Delivery.Done;
        }
        catch (SmtpCommandException refused) when (refused.ErrorCode == SmtpErrorCode.RecipientNotAccepted)
        {
            return new("recipient-refused", (int)refused.StatusCode >= 500);
        }
        catch (Exception failure) when (Code(failure) is { } code)
        {
            client?.Dispose();
            client = null;
            return new(code, false);
        }
    }

    /// <summary>Whether the mail server answers and lets us in; nothing is sent.</summary>
    public static async Task<Finding> ExamineAsync(SmtpOptions options, DataDirectory data, CancellationToken cancellationToken)
    {
        if (options.Host.Length == 0)
        {
            return new(Grade.Look, "smtp-none", ("value", data.Outbox));
        }

        string server = $"{options.Host}:{options.Port}";
        try
        {
            using SmtpClient client = await ConnectAsync(options, cancellationToken);
            await client.DisconnectAsync(quit: true, cancellationToken);
            return new(Grade.Good, "smtp", ("value", server));
        }
        catch (Exception failure) when (Code(failure) is { } code)
        {
            return new(Grade.Bad, code, ("value", server), ("why", failure.Message));
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (client is { IsConnected: true })
        {
            await client.DisconnectAsync(quit: true);
        }

        client?.Dispose();
    }

    private static async Task<SmtpClient> ConnectAsync(SmtpOptions options, CancellationToken cancellationToken)
    {
        SmtpClient client = new() { Timeout = (int)Patience.TotalMilliseconds };
        try
        {
            // Personal links travel in these mails: beyond this machine they do so encrypted or not at all.
            SecureSocketOptions security = options.Port == 465
                ? SecureSocketOptions.SslOnConnect
                : ListeningAddresses.IsLoopback(options.Host) ? SecureSocketOptions.StartTlsWhenAvailable : SecureSocketOptions.StartTls;
            await client.ConnectAsync(options.Host, options.Port, security, cancellationToken);
            if (options.User.Length > 0)
            {
                await client.AuthenticateAsync(options.User, options.Password, cancellationToken);
            }

            return client;
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    private static string? Code(Exception failure) => failure switch
    {
        AuthenticationException => "smtp-sign-in",
        SslHandshakeException or NotSupportedException => "smtp-not-encrypted",
        SocketException or IOException or TimeoutException or ServiceNotConnectedException => "smtp-unreachable",
        CommandException or ProtocolException => "smtp-refused",
        _ => null,
    };
}
