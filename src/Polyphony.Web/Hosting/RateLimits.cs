using System.Globalization;
using System.Security.Claims;
using System.Threading.RateLimiting;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Polyphony.Web.Hosting;

/// <summary>Limits by account or personal link first, and loosely by address: a hundred phones share one hall's address.</summary>
internal static class RateLimits
{
    /// <summary>For forms that try a secret: sign-in, reset, badge codes.</summary>
    public const string Guessing = "guessing";

    public static void AddRateLimits(this IServiceCollection services)
    {
        services.AddSingleton<WrongCodes>();
        services.AddSingleton<LinkPace>();
        services.TryAddSingleton(new GuessingPace(60, 1));
        services.AddRateLimiter(limiter =>
        {
            limiter.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
            limiter.OnRejected = (rejected, _) =>
            {
                TimeSpan wait = rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out TimeSpan given) ? given : TimeSpan.FromSeconds(10);
                rejected.HttpContext.Response.Headers.RetryAfter = ((int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
                return ValueTask.CompletedTask;
            };
            limiter.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(context =>
                RateLimitPartition.GetTokenBucketLimiter(Holder(context) ?? "address:" + Address(context), holder => holder switch
                {
                    _ when holder.StartsWith("staff:", StringComparison.Ordinal) => Bucket(400, 50),
                    _ when holder.StartsWith("link:", StringComparison.Ordinal) => Bucket(LinkPace.AtOnce, LinkPace.PerSecond),
                    _ => Bucket(3_000, 600),
                }));
            limiter.AddPolicy(Guessing, context =>
            {
                GuessingPace pace = context.RequestServices.GetRequiredService<GuessingPace>();
                return RateLimitPartition.GetTokenBucketLimiter("guess:" + (Holder(context) ?? Address(context)), _ => Bucket(pace.AtOnce, pace.PerSecond));
            });
        });
    }

    /// <summary>The account or link that a request carries: the code in a citizen's path or in the header of a program counts before it is known to be right. Any other header is nobody's.</summary>
    internal static string? Holder(HttpContext context)
    {
        string authorization = context.Request.Headers.Authorization.ToString();
        string? code = context.Request.RouteValues["code"] as string ?? (authorization.StartsWith("Bearer ", StringComparison.Ordinal) ? authorization[7..] : null);
        if (LinkCode.HasForm(code))
        {
            return "link:" + code;
        }

        return context.User.FindFirstValue(ClaimTypes.NameIdentifier) is { } staff ? "staff:" + staff : null;
    }

    public static string Address(HttpContext context) => context.Connection.RemoteIpAddress?.ToString() ?? "none";

    internal static TokenBucketRateLimiterOptions Bucket(int size, int perSecond) => new()
    {
        TokenLimit = size,
        TokensPerPeriod = perSecond,
        ReplenishmentPeriod = TimeSpan.FromSeconds(1),
        QueueLimit = 0,
        AutoReplenishment = true,
    };
}

/// <summary>How often one address may try a secret.</summary>
internal sealed record GuessingPace(int AtOnce, int PerSecond);

/// <summary>Counts wrong personal codes by address: right codes are never slowed, guessing is.</summary>
public sealed class WrongCodes : IDisposable
{
    private readonly PartitionedRateLimiter<string> limiter = PartitionedRateLimiter.Create<string, string>(address =>
        RateLimitPartition.GetTokenBucketLimiter(address, _ => new()
        {
            TokenLimit = 200,
            TokensPerPeriod = 2,
            ReplenishmentPeriod = TimeSpan.FromSeconds(1),
            QueueLimit = 0,
            AutoReplenishment = true,
        }));

    /// <summary>Notes one wrong code.</summary>
    /// <returns>Whether the address has tried too many.</returns>
    public bool IsOneTooMany(HttpContext context)
    {
        using RateLimitLease lease = limiter.AttemptAcquire(RateLimits.Address(context));
        return !lease.IsAcquired;
    }

    public void Dispose() => limiter.Dispose();
}

/// <summary>How fast one personal link may come at a door that stands before the limiter of all others.</summary>
public sealed class LinkPace : IDisposable
{
    public const int AtOnce = 120;
    public const int PerSecond = 20;

    private readonly PartitionedRateLimiter<string> limiter = PartitionedRateLimiter.Create<string, string>(code =>
        RateLimitPartition.GetTokenBucketLimiter(code, _ => RateLimits.Bucket(AtOnce, PerSecond)));

    /// <summary>Notes one request by a link.</summary>
    /// <returns>Whether it comes too soon.</returns>
    public bool IsTooFast(string code)
    {
        using RateLimitLease lease = limiter.AttemptAcquire(code);
        return !lease.IsAcquired;
    }

    public void Dispose() => limiter.Dispose();
}
