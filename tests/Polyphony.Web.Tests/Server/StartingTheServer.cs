using System.Net;
using Microsoft.EntityFrameworkCore;

namespace Polyphony.Web.Tests.Server;

public sealed class StartingTheServer(TestServer server)
{
    [Fact]
    public async Task It_is_ready()
    {
        using Visitor visitor = new(server.Address);
        Assert.Equal(HttpStatusCode.OK, (await visitor.GetAsync("/health/ready")).StatusCode);
    }

    [Fact]
    public async Task The_migrations_match_the_model()
    {
        Assert.False(await server.WithDbAsync(db => Task.FromResult(db.Database.HasPendingModelChanges())));
    }
}
