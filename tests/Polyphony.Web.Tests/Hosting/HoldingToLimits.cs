using System.Diagnostics;
using System.Security.Claims;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Polyphony.Web.Hosting;

namespace Polyphony.Web.Tests.Hosting;

public sealed class HoldingToLimits
{
    private const string Code = "AAAAAAAAAAAAAAAAAAAAAA";

    [Theory]
    [InlineData(null, Code, "link:" + Code)]
    [InlineData("Bearer " + Code, null, "link:" + Code)]
    [InlineData("Bearer nonsense", null, null)]
    [InlineData("Basic eDp5", null, null)]
    [InlineData("", null, null)]
    public void Only_what_may_be_a_link_counts_apart_from_its_address(string? authorization, string? inPath, string? holder)
    {
        DefaultHttpContext context = new();
        context.Request.Headers.Authorization = authorization;
        context.Request.RouteValues["code"] = inPath;
        Assert.Equal(holder, RateLimits.Holder(context));
    }

    [Fact]
    public void An_account_a_link_and_an_address_may_each_ask_so_often_and_none_at_the_cost_of_another()
    {
        using ServiceProvider services = Services();
        PartitionedRateLimiter<HttpContext> limiter = services.GetRequiredService<IOptions<RateLimiterOptions>>().Value.GlobalLimiter!;

        // A hall: everybody comes from one address.
        AssertLimit(limiter, 3_000, 600, Ask(services));
        AssertLimit(limiter, 400, 50, Ask(services, staff: "ada"));
        AssertLimit(limiter, 400, 50, Ask(services, staff: "ben"));
        AssertLimit(limiter, 120, 20, Ask(services, code: Code));
        AssertLimit(limiter, 3_000, 600, Ask(services, address: "192.0.2.2"));

        // One account is one account wherever it asks from.
        Assert.False(limiter.AttemptAcquire(Ask(services, staff: "ada", address: "192.0.2.3"), 300).IsAcquired);
    }

    /// <summary>Asks until it is refused: after the burst, and what came back meanwhile.</summary>
    private static void AssertLimit(PartitionedRateLimiter<HttpContext> limiter, int atOnce, int perSecond, HttpContext asking)
    {
        Stopwatch watch = Stopwatch.StartNew();
        int taken = 0;
        RateLimitLease lease = limiter.AttemptAcquire(asking);
        for (; lease.IsAcquired; lease = limiter.AttemptAcquire(asking))
        {
            taken++;
            Assert.True(taken < 100_000, "There is no limit.");
        }

        Assert.InRange(taken, atOnce, atOnce + (perSecond * (1 + (int)watch.Elapsed.TotalSeconds)));
        Assert.True(lease.TryGetMetadata(MetadataName.RetryAfter, out TimeSpan wait));
        Assert.InRange(wait, TimeSpan.Zero, TimeSpan.FromSeconds(2));
    }

    private static ServiceProvider Services()
    {
        ServiceCollection services = new();
        services.AddLogging();
        services.AddRateLimits();
        return services.BuildServiceProvider();
    }

    private static DefaultHttpContext Ask(IServiceProvider services, string? staff = null, string? code = null, string address = "192.0.2.1")
    {
        DefaultHttpContext context = new() { RequestServices = services };
        context.Connection.RemoteIpAddress = System.Net.IPAddress.Parse(address);
        context.Request.RouteValues["code"] = code;
        if (staff is not null)
        {
            context.User = new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, staff)], "test"));
        }

        return context;
    }
}
