/** A worker entry that dies before it is ready, as with a broken installation. */
throw new Error('this entry never gets ready')
